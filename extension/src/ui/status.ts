// The language status: what Holdfast knows about the folder of the file that is open, or why it
// does not run.
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Helper } from '../helper';
import { type HelperState, whyNotRunning } from '../helperState';
import type { FolderStatus, Looked } from '../protocol';

export interface StatusText {
  text: string;
  detail: string;
  severity: 'information' | 'warning' | 'error';
  busy: boolean;
  command: { title: string; command: string } | null;
}

const PYTHON_FILES: vscode.DocumentSelector = [
  { language: 'python' },
  { pattern: '**/{pyvenv.cfg,pyproject.toml,requirements*.txt}' },
];
/** What keeps Holdfast from working is worth saying wherever the user is. */
const ALL_FILES: vscode.DocumentSelector = [{ scheme: 'file' }];

export function createStatus(helper: Helper): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('holdfast', PYTHON_FILES);
  item.name = 'Holdfast';
  let looked: Looked | null = null;

  function show(): void {
    const status = describe(helper.state, folderStatus(looked));
    item.selector = status.severity === 'error' ? ALL_FILES : PYTHON_FILES;
    item.text = status.text;
    item.detail = status.detail;
    item.busy = status.busy;
    item.severity = severities[status.severity];
    item.command = status.command ?? undefined;
    const spoken = [status.text, status.detail].filter(Boolean).join('. ');
    item.accessibilityInformation = { label: `Holdfast: ${spoken}` };
  }

  show();
  return vscode.Disposable.from(
    item,
    helper.onState(show),
    helper.onLooked((news) => {
      looked = news;
      show();
    }),
    vscode.window.onDidChangeActiveTextEditor(show),
  );
}

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

function folderStatus(looked: Looked | null): FolderStatus | null {
  const open = vscode.window.activeTextEditor?.document.uri;
  const folder = open === undefined ? undefined : vscode.workspace.getWorkspaceFolder(open);
  const all = looked?.folders ?? [];
  return (
    all.find(({ uri }) => vscode.Uri.parse(uri).toString() === folder?.uri.toString()) ??
    all[0] ??
    null
  );
}

export function describe(state: HelperState, folder: FolderStatus | null): StatusText {
  const restart = { title: 'Restart Helper', command: 'holdfast.restart' };
  switch (state.kind) {
    case 'no-python':
      return {
        text: 'No Python to run on',
        detail: whyNotRunning(state),
        severity: 'error',
        busy: false,
        command: { title: 'How to Fix', command: 'holdfast.howToGetPython' },
      };
    case 'failed':
      return {
        text: 'Helper stopped',
        detail: whyNotRunning(state),
        severity: 'error',
        busy: false,
        command: restart,
      };
    case 'stopped':
      return { ...calm, text: 'Helper stopped', command: restart };
    case 'starting':
    case 'restarting':
      return { ...calm, text: 'Starting', busy: true };
    case 'running':
      return folder === null ? { ...calm, text: 'Looking', busy: true } : describeFolder(folder);
  }
}

const calm = {
  text: '',
  detail: '',
  severity: 'information',
  busy: false,
  command: null,
} as const;

function describeFolder({ own, environments, broken }: FolderStatus): StatusText {
  const repair = { title: 'Repair…', command: 'holdfast.repair' };
  const select = { title: 'Select Interpreter…', command: 'holdfast.selectInterpreter' };
  const all = environments === 1 ? '1 environment' : `${environments} environments`;
  const others = broken === 0 ? '' : `${broken} broken`;
  const status: StatusText = {
    ...calm,
    severity: broken === 0 ? 'information' : 'warning',
    command: broken === 0 ? select : repair,
  };
  if (environments === 0) {
    const create = { title: 'Create venv…', command: 'holdfast.create' };
    return { ...status, text: 'No environment', command: create };
  }
  if (own === null) {
    return { ...status, text: all, detail: others };
  }
  const name = basename(own.path);
  if (own.state === 'broken') {
    const detail = own.reason ?? 'Its interpreter does not work.';
    return { ...status, text: `${name} is broken`, detail };
  }
  const version = own.version === null ? '' : ` (Python ${own.version})`;
  const detail = environments === 1 ? '' : [all, others].filter(Boolean).join(', ');
  return { ...status, text: `${name}${version}`, detail };
}

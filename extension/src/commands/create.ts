// Create venv…: a base interpreter, a folder name, and the new environment is selected.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { environmentName } from '../configuration';
import {
  Create,
  type CreateParams,
  type Creation,
  type Interpreter,
  type InterpreterList,
  Interpreters,
} from '../protocol';
import { refuseUntrusted } from '../trust';
import { type Choosable, pickFolder, pickFrom } from '../ui/pickers';
import { requestWithProgress } from '../ui/progress';
import { say } from '../ui/say';
import type { Context } from './context';

const TITLE = 'Create venv';

export async function create(context: Context): Promise<void> {
  if (refuseUntrusted('create an environment')) {
    return;
  }
  const folder = await pickFolder(TITLE);
  const base = folder && (await pickBase(context));
  const name = base && (await askName(folder, base));
  if (folder === undefined || base === undefined || name === undefined) {
    return;
  }
  const params: CreateParams = {
    folder: folder.uri.toString(),
    name,
    python: base.stable,
    pip: true,
  };
  const title = `Creating ${name} in ${folder.name}`;
  const made = await requestWithProgress<Creation>(context.helper, title, Create, params);
  for (const note of made.notes) {
    context.log.info(note);
  }
  // Said before selecting: the environment is there, whatever comes of the selection.
  const version = made.version === null ? '' : ` with Python ${made.version}`;
  say(`Created ${basename(made.environment)}${version}.`);
  const way = await context.selection.select(folder, {
    executable: made.interpreter,
    setting: made.setting,
  });
  say(`Created ${basename(made.environment)}${version} and selected it through ${way.title}.`);
}

function pickBase({ helper }: Context): Promise<Interpreter | undefined> {
  const loading = helper
    .client()
    .then((client) => client.sendRequest<InterpreterList>(Interpreters, {}))
    .then(({ interpreters }) => interpreters.filter(canCarry).map(asItem));
  const picker = {
    title: TITLE,
    placeholder: 'Pick the Python that the environment is made from',
    empty:
      'No Python was found on this machine. Install one, or add its folder to holdfast.searchPaths.',
  };
  return pickFrom(picker, loading);
}

function canCarry({ carriesEnvironments }: Interpreter): boolean {
  return carriesEnvironments;
}

export function asItem(interpreter: Interpreter): Choosable<Interpreter> {
  const { title, stable, sources } = interpreter;
  return { label: title, description: stable, detail: sources.join(', '), value: interpreter };
}

async function askName(
  folder: vscode.WorkspaceFolder,
  { version }: Interpreter,
): Promise<string | undefined> {
  const parent = folder.uri.fsPath;
  const name = await vscode.window.showInputBox({
    title: TITLE,
    prompt: `The name of the new folder in ${parent}`,
    value: freeName(parent, environmentName(), version),
    validateInput: (text) => whyNotName(parent, text),
  });
  return name?.trim();
}

/** The usual name, or one that says the version where the usual one is taken. */
function freeName(parent: string, usual: string, version: string | null): string {
  const minor = version?.split('.').slice(0, 2).join('.');
  const other = minor === undefined ? usual : `${usual}-${minor}`;
  return existsSync(join(parent, usual)) ? other : usual;
}

export function whyNotName(parent: string, text: string): string | null {
  const name = text.trim();
  if (name === '') {
    return 'Give the folder a name.';
  }
  if (/[\\/:]/.test(name)) {
    return 'Give a name without slashes or colons: the environment is made in this folder.';
  }
  if (name === '.' || name === '..') {
    return 'Give the name of a new folder.';
  }
  if (existsSync(join(parent, name))) {
    return `${name} is already there. Give another name.`;
  }
  return null;
}

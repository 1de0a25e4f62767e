// The two messages about the helper itself: no Python to run it, and given up after crashes.
import * as vscode from 'vscode';
import { openPage } from '../commands/openRule';
import type { Helper } from '../helper';
import { type HelperState, whyNotRunning } from '../helperState';
import { openSetting } from './openSetting';

export function createHelperMessages(
  helper: Helper,
  extension: vscode.Uri,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  // Looking again after the window got focus must not repeat what was said.
  let said = '';

  function tell(state: HelperState): void {
    if (state.kind === 'no-python') {
      const message = whyNotRunning(state);
      if (state.asked || message !== said) {
        said = message;
        void tellNoPython(message, extension);
      }
    } else if (state.kind === 'failed') {
      void tellFailed(whyNotRunning(state), log);
    } else if (state.kind === 'running') {
      said = '';
    }
  }

  return helper.onState(tell);
}

async function tellNoPython(message: string, extension: vscode.Uri): Promise<void> {
  const setting = 'Open Setting';
  const help = 'How to Fix';
  const chosen = await vscode.window.showErrorMessage(message, setting, help);
  if (chosen === setting) {
    await openSetting('interpreter');
  } else if (chosen === help) {
    await howToGetPython(extension);
  }
}

async function tellFailed(message: string, log: vscode.LogOutputChannel): Promise<void> {
  const restart = 'Restart Helper';
  const showLog = 'Show Log';
  const chosen = await vscode.window.showErrorMessage(message, restart, showLog);
  if (chosen === restart) {
    await vscode.commands.executeCommand('holdfast.restart');
  } else if (chosen === showLog) {
    log.show();
  }
}

export function howToGetPython(extension: vscode.Uri): Promise<void> {
  return openPage(vscode.Uri.joinPath(extension, 'docs', 'getting-a-python.md'));
}

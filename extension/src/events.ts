// What happens in the editor and concerns the helper: settings, trust, and the window's focus.
import * as vscode from 'vscode';
import { DidChangeConfigurationNotification } from 'vscode-languageclient/node';
import { helperSettings, SECTION } from './configuration';
import type { Helper } from './helper';
import { LookAgain } from './protocol';

const SETTLED = 500;

export function followEvents(helper: Helper): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;

  function lookSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Whoever comes back may have installed the Python that was missing.
      if (helper.state.kind === 'no-python') {
        void helper.retry();
      } else {
        helper.notify(LookAgain, {});
      }
    }, SETTLED);
  }

  return vscode.Disposable.from(
    { dispose: () => clearTimeout(timer) },
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) {
        lookSoon();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void helper.restart()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.interpreter`)) {
        void helper.restart();
      } else if (event.affectsConfiguration(SECTION)) {
        helper.notify(DidChangeConfigurationNotification.method, { settings: helperSettings() });
      }
    }),
  );
}

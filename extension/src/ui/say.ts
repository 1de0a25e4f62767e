import * as vscode from 'vscode';

const LONG_ENOUGH_TO_READ = 8_000;

/** Good news, where it disturbs nobody. */
export function say(message: string): void {
  vscode.window.setStatusBarMessage(message, LONG_ENOUGH_TO_READ);
}

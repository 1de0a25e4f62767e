import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Holdfast', { log: true });
  context.subscriptions.push(log);
}

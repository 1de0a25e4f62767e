import * as vscode from 'vscode';

/** Opens the Settings editor at one setting of ours. */
export async function openSetting(key: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `holdfast.${key}`);
}

import * as vscode from 'vscode';

/** Says why a change is not made, and returns true, while the workspace is not trusted. */
export function refuseUntrusted(what: string): boolean {
  if (vscode.workspace.isTrusted) {
    return false;
  }
  const manage = 'Manage Trust';
  void vscode.window
    .showWarningMessage(
      `Holdfast does not ${what} in a workspace that is not trusted. Trust the workspace first.`,
      manage,
    )
    .then((chosen) => {
      if (chosen === manage) {
        void vscode.commands.executeCommand('workbench.trust.manage');
      }
    });
  return true;
}

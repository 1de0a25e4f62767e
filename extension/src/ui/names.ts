import * as vscode from 'vscode';

/** An environment's path as the user sees it: from the workspace folder on, where it lies in one. */
export function nameOf(environment: string): string {
  return vscode.workspace.asRelativePath(environment);
}

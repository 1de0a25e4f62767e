// The page of a rule, or another page of ours, as a Markdown preview.
import * as vscode from 'vscode';

const NAME = /^[a-z-]+$/;

/** The link that a diagnostic's code carries; null for what cannot be a rule's name. */
export function ruleLink(rule: string): vscode.Uri | null {
  return NAME.test(rule)
    ? vscode.Uri.parse(`command:holdfast.openRule?${encodeURIComponent(JSON.stringify([rule]))}`)
    : null;
}

export async function openRule(extension: vscode.Uri, rule: unknown): Promise<void> {
  // The name comes from a link, which anything may have made: it becomes part of a path only if
  // it cannot lead out of the folder.
  if (typeof rule === 'string' && NAME.test(rule)) {
    await openPage(vscode.Uri.joinPath(extension, 'docs', 'rules', `${rule}.md`));
  }
}

export async function openPage(page: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.stat(page);
  } catch {
    void vscode.window.showWarningMessage('This version of Holdfast has no page about that.');
    return;
  }
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } catch {
    // The built-in Markdown extension may be switched off.
    await vscode.commands.executeCommand('vscode.open', page);
  }
}

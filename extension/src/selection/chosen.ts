// What the user wrote into settings, at any level. `inspect` knows the levels; `get` would also
// answer with the defaults.
import * as vscode from 'vscode';

export function isSetByUser(section: string, key: string, folder: vscode.Uri): boolean {
  const inspected = vscode.workspace.getConfiguration(section, folder).inspect(key);
  return (
    inspected !== undefined &&
    [inspected.globalValue, inspected.workspaceValue, inspected.workspaceFolderValue].some(isAValue)
  );
}

function isAValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !isEmptyList(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

// Selecting by a setting in the folder's own settings.json: only for a command that the user ran.
// VS Code does not write python.defaultInterpreterPath through its API while no extension has
// registered it, so the helper edits the file.
import * as vscode from 'vscode';
import { Refusal } from '../ui/failures';
import type { Way } from './way';

/** Writes the interpreter into the settings file of a folder. */
export type WriteSetting = (folder: vscode.Uri, value: string) => Promise<void>;

export function settingsWay(write: WriteSetting): Way {
  return {
    name: 'settings',
    title: 'the settings of the folder',
    current: async (folder, { setting }) => {
      const value = vscode.workspace
        .getConfiguration('python', folder.uri)
        .get<string>('defaultInterpreterPath');
      if (value === undefined || value === '') {
        return { kind: 'nothing' };
      }
      return value === setting ? { kind: 'this' } : { kind: 'other', executable: value };
    },
    isSilent: async () => false,
    async select(folder, { setting }) {
      const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'settings.json');
      const open = vscode.workspace.textDocuments.find(
        ({ uri }) => uri.toString() === file.toString(),
      );
      if (open?.isDirty === true) {
        throw new Refusal(
          `${file.fsPath} has unsaved changes, so it was left as it is. Save it, then select the interpreter again.`,
        );
      }
      await write(folder.uri, setting);
    },
  };
}

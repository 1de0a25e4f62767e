// What Holdfast selected for which folder, so that it does it once and leaves a later choice alone.
import type * as vscode from 'vscode';

const KEY = 'holdfast.selected';

export interface Selected {
  executable: string;
  by: 'holdfast' | 'user';
}

export interface Memory {
  recall(folder: vscode.Uri): Selected | null;
  remember(folder: vscode.Uri, selected: Selected): Promise<void>;
}

export function workspaceMemory(state: vscode.Memento): Memory {
  const all = () => state.get<Record<string, Selected>>(KEY, {});
  return {
    recall: (folder) => all()[folder.toString()] ?? null,
    remember: async (folder, selected) => {
      await state.update(KEY, { ...all(), [folder.toString()]: selected });
    },
  };
}

// A way of telling the editor which interpreter a folder uses.
import type * as vscode from 'vscode';

/** What is to be selected: the executable, and how a settings file would write it. */
export interface Choice {
  executable: string;
  setting: string;
}

/** What the editor has for a folder now. `other`: somebody chose something else. */
export type Current =
  | { kind: 'nothing' }
  | { kind: 'this' }
  | { kind: 'other'; executable: string | null };

export interface Way {
  name: 'environments' | 'python' | 'settings';
  /** How a message calls it. */
  title: string;
  current(folder: vscode.WorkspaceFolder, choice: Choice): Promise<Current>;
  /** Whether selecting would change no settings file. */
  isSilent(folder: vscode.WorkspaceFolder, choice: Choice): Promise<boolean>;
  /** Selects, and verifies it. Throws a Refusal that says why it could not. */
  select(folder: vscode.WorkspaceFolder, choice: Choice): Promise<void>;
}

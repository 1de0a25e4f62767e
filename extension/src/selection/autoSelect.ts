// Selecting a folder's own environment by itself: once, silently, and only where nobody chose.
import type * as vscode from 'vscode';
import type { FolderEnvironment } from '../protocol';
import type { Memory } from './memory';
import { isSamePath } from './paths';
import type { Way } from './way';

export type Outcome =
  | 'selected'
  | 'is selected already'
  | 'was selected before'
  | 'another choice is left alone'
  | 'would write a settings file'
  | 'no Python extension';

export async function autoSelect(
  folder: vscode.WorkspaceFolder,
  own: FolderEnvironment,
  way: Way,
  memory: Memory,
): Promise<Outcome> {
  // Opening a folder must not change a file of it.
  if (way.name === 'settings') {
    return 'no Python extension';
  }
  const choice = { executable: own.interpreter, setting: own.setting };
  const before = memory.recall(folder.uri);
  if (before !== null && (before.by === 'user' || isSamePath(before.executable, own.interpreter))) {
    return 'was selected before';
  }
  const current = await way.current(folder, choice);
  if (current.kind === 'this') {
    return 'is selected already';
  }
  // What we selected ourselves and is gone since (a renamed folder) is nobody's choice.
  const isOurs =
    current.kind === 'other' &&
    current.executable !== null &&
    before !== null &&
    isSamePath(current.executable, before.executable);
  if (current.kind === 'other' && !isOurs) {
    return 'another choice is left alone';
  }
  if (!(await way.isSilent(folder, choice))) {
    return 'would write a settings file';
  }
  await way.select(folder, choice);
  await memory.remember(folder.uri, { executable: own.interpreter, by: 'holdfast' });
  return 'selected';
}

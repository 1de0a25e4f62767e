// What every command works with.
import type * as vscode from 'vscode';
import type { Helper } from '../helper';
import type { Selection } from '../selection/selection';

export interface Context {
  helper: Helper;
  selection: Selection;
  log: vscode.LogOutputChannel;
}

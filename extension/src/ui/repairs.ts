// What a repair has to say: nothing but a line in the status bar, unless something is left.
import * as vscode from 'vscode';
import type { Repair } from '../protocol';
import { nameOf } from './names';
import { say } from './say';

export function reportRepair(repair: Repair | null): void {
  if (repair === null) {
    return;
  }
  // A hint about what is left would only be noise: the Problems panel has it.
  const left = repair.remaining.filter(({ severity }) => severity === 'error');
  const name = nameOf(repair.environment);
  if (left.length === 0) {
    say(repair.applied.length === 0 ? `${name} needs no repair.` : `${name} is repaired.`);
    return;
  }
  const show = 'Show Problems';
  const [first] = left;
  const message =
    left.length === 1
      ? `${name} still has a problem: ${first?.message}`
      : `${name} still has ${left.length} problems. The first: ${first?.message}`;
  void vscode.window.showWarningMessage(message, show).then((chosen) => {
    if (chosen === show) {
      void vscode.commands.executeCommand('workbench.actions.view.problems');
    }
  });
}

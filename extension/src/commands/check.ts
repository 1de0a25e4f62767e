// Check Environments: a fresh look at everything, then the Problems panel or a line of good news.
import * as vscode from 'vscode';
import { Check, type CheckReport } from '../protocol';
import { requestWithProgress } from '../ui/progress';
import { say } from '../ui/say';
import type { Context } from './context';

export async function check({ helper }: Context): Promise<void> {
  const report = await requestWithProgress<CheckReport>(helper, 'Checking environments', Check, {});
  // What is only worth knowing is listed there, too, and no bad news.
  if (report.problems.some(({ severity }) => severity === 'error' || severity === 'warning')) {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  } else {
    say(goodNews(report.environments.length));
  }
}

export function goodNews(environments: number): string {
  switch (environments) {
    case 0:
      return 'There are no environments in this workspace.';
    case 1:
      return 'The environment is healthy.';
    default:
      return `All ${environments} environments are healthy.`;
  }
}

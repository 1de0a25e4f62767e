// How a request that failed is told to the user: the helper's own words, or what we know of the
// helper. A stack trace goes into the log.
import * as vscode from 'vscode';
import { HelperIsNotRunning } from '../helperState';
import { RequestCancelled, RequestFailed } from '../protocol';

/** A sentence for the user; null when there is nothing to say, because the user cancelled. */
export function describeFailure(error: unknown): string | null {
  const code = codeOf(error);
  if (code === RequestCancelled || error instanceof vscode.CancellationError) {
    return null;
  }
  if (code === RequestFailed || error instanceof HelperIsNotRunning || error instanceof Refusal) {
    return (error as Error).message;
  }
  return 'Holdfast could not do this because of an error of its own. The log says more.';
}

/** Work that the shell itself does not do, with a message that is ready for the user. */
export class Refusal extends Error {}

export function showFailure(error: unknown, log: vscode.LogOutputChannel): void {
  const message = describeFailure(error);
  if (message === null) {
    return;
  }
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const showLog = 'Show Log';
  void vscode.window.showErrorMessage(message, showLog).then((chosen) => {
    if (chosen === showLog) {
      log.show();
    }
  });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

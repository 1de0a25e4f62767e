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
  if (code === RequestFailed) {
    // What the command line calls a way out is of no use here.
    return messageOf(error).replaceAll(/ \(--[a-z-]+\)/g, '');
  }
  if (error instanceof HelperIsNotRunning || error instanceof Refusal) {
    return error.message;
  }
  return 'Holdfast could not do this because of an error of its own. The log says more.';
}

/** Work that the shell itself does not do, with a message that is ready for the user. */
export class Refusal extends Error {}

/** Whether the helper names this option of the command line as a way out. */
export function namesOption(error: unknown, option: string): boolean {
  return codeOf(error) === RequestFailed && messageOf(error).includes(option);
}

/** Shows a failure and where to read more; `offer` is a button that might mend it. Whether that was pressed. */
export async function showFailure(
  error: unknown,
  log: vscode.LogOutputChannel,
  offer?: string,
): Promise<boolean> {
  const message = describeFailure(error);
  if (message === null) {
    return false;
  }
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return showError(message, log, offer);
}

/** Shows an error of which the log says more. Whether the button `offer` was pressed. */
export async function showError(
  message: string,
  log: vscode.LogOutputChannel,
  offer?: string,
): Promise<boolean> {
  const showLog = 'Show Log';
  const buttons = offer === undefined ? [showLog] : [offer, showLog];
  const chosen = await vscode.window.showErrorMessage(message, ...buttons);
  if (chosen === showLog) {
    log.show();
  }
  return chosen !== undefined && chosen === offer;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

// A long request with its progress in a notification and a Cancel that reaches the helper.
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import {
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from 'vscode-languageclient/node';
import type { Helper } from '../helper';

/** A notification that is as long as the longest line of a tool would jump about. */
const LONGEST = 100;

type Part = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

export function requestWithProgress<R>(
  helper: Helper,
  title: string,
  method: string,
  params: object,
  onCancel: () => void = () => {},
): Promise<R> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  // A Promise of our own: withProgress gives a Thenable.
  return Promise.resolve(
    vscode.window.withProgress(options, async (progress, cancelled) => {
      const client = await helper.client();
      const workDoneToken = randomUUID();
      cancelled.onCancellationRequested(onCancel);
      const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, onPart(progress));
      try {
        return await client.sendRequest<R>(method, { ...params, workDoneToken }, cancelled);
      } finally {
        listener.dispose();
      }
    }),
  );
}

/** LSP counts from 0 to 100, VS Code wants the difference. */
export function onPart(
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): (part: Part) => void {
  let reached = 0;
  return (part) => {
    if (part.kind === 'end') {
      return;
    }
    const percentage = part.percentage ?? reached;
    const increment = Math.max(0, percentage - reached);
    reached += increment;
    // The notification has a title of its own, which says more than the one that the work begins with.
    const { message } = part;
    progress.report({ increment, ...(message === undefined ? {} : { message: clip(message) }) });
  };
}

function clip(message: string): string {
  return message.length > LONGEST ? `${message.slice(0, LONGEST - 1)}…` : message;
}

import * as vscode from 'vscode';
import { registerCommands } from './commands/register';
import { followEvents } from './events';
import { createHelper, type Helper } from './helper';
import { thisMachine } from './machine';
import { Record, type Recorded } from './protocol';
import { createSelection } from './selection/selection';
import { traceChannel } from './trace';
import { createHelperMessages } from './ui/helperMessages';
import { createStatus } from './ui/status';

let helper: Helper | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const extension = context.extensionUri;
  const log = vscode.window.createOutputChannel('Holdfast', { log: true });
  const trace = traceChannel(log);
  const running = createHelper({ extension, log, trace, machine: thisMachine(openFolders) });
  helper = running;
  const selection = createSelection(context.workspaceState, log, async (folder, value) => {
    const client = await running.client();
    await client.sendRequest<Recorded>(Record, { folder: folder.toString(), value });
  });
  context.subscriptions.push(
    log,
    trace,
    helper,
    createStatus(helper),
    createHelperMessages(helper, extension, log),
    registerCommands({ helper, selection, log }, extension),
    followEvents(helper),
    helper.onLooked((looked) => void selection.afterLook(looked)),
  );
  // Not awaited: the editor does not wait for the helper to start.
  void helper.start();
}

function openFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
}

export async function deactivate(): Promise<void> {
  await helper?.stop();
}

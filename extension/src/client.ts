// One language client for one life of the helper's process. It shows nothing by itself: every
// pop-up of the library is answered here, so that what the user sees comes from us, once.
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  ShowMessageNotification,
} from 'vscode-languageclient/node';
import { helperSettings, SECTION } from './configuration';
import { middleware } from './middleware';
import type { InitializationOptions } from './protocol';
import type { Python } from './python';

export interface ClientOptions {
  python: Python;
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  trace: vscode.LogOutputChannel;
  /** The connection is gone without our having asked for it. */
  onClosed(): void;
}

export function createClient(options: ClientOptions): LanguageClient {
  const { log } = options;
  const initializationOptions: InitializationOptions = {
    trusted: vscode.workspace.isTrusted,
    settings: helperSettings(),
  };
  const client = new LanguageClient(SECTION, 'Holdfast', command(options), {
    documentSelector: [{ scheme: 'file', pattern: '**/pyvenv.cfg' }],
    initializationOptions,
    outputChannel: log,
    traceOutputChannel: options.trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: middleware(options.log),
    initializationFailedHandler: (error) => {
      log.error(`The helper could not be initialized: ${error?.message ?? error}`);
      return false;
    },
    errorHandler: {
      error: (error) => {
        log.error(`The connection to the helper has an error: ${error.message}`);
        return { action: ErrorAction.Continue, handled: true };
      },
      // The library would start it again at once and for ever; helper.ts decides instead.
      closed: () => {
        options.onClosed();
        const message = 'The connection to the helper is closed.';
        return { action: CloseAction.DoNotRestart, handled: true, message };
      },
    },
  });
  // The library turns these into pop-ups. What a helper has to say to the user comes as an answer.
  client.onNotification(ShowMessageNotification.type, ({ message }) => log.info(message));
  // Some pop-ups of the library are forced, RevealOutputChannelOn.Never or not. They go into the log alone.
  const writeError = client.error.bind(client);
  client.error = (message, data) => writeError(message, data, false);
  return client;
}

function command({ python, extension }: ClientOptions) {
  const server = vscode.Uri.joinPath(extension, 'server').fsPath;
  const launch = vscode.Uri.joinPath(extension, 'server', 'launch.py').fsPath;
  // By absolute path, isolated, and from our own folder: nothing of a workspace is imported. Nor is what the
  // Python has installed: a `.pth` file that prints something would end the conversation.
  return { command: python.path, args: ['-I', '-S', launch, 'server'], options: { cwd: server } };
}

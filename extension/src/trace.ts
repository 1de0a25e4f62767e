// The language client traces only into a channel whose level is Trace. Whoever turns
// holdfast.trace.server on wants to see the messages in the log as it is, so this channel has a
// level of its own and writes into the log.
import * as vscode from 'vscode';
import { SECTION, traceIsOn } from './configuration';

export function traceChannel(
  log: vscode.LogOutputChannel,
): vscode.LogOutputChannel & vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.LogLevel>();
  const listener = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SECTION}.trace`)) {
      changed.fire(level());
    }
  });
  // Not a proxy of the channel itself: a frozen object does not let its properties be answered for.
  return new Proxy({} as vscode.LogOutputChannel & vscode.Disposable, {
    get(_, property) {
      switch (property) {
        case 'logLevel':
          return level();
        case 'onDidChangeLogLevel':
          return changed.event;
        case 'trace':
          return (message: string) => log.info(message);
        case 'dispose':
          return () => {
            listener.dispose();
            changed.dispose();
          };
        default: {
          const value = Reflect.get(log, property, log);
          return typeof value === 'function' ? value.bind(log) : value;
        }
      }
    },
  });
}

function level(): vscode.LogLevel {
  return traceIsOn() ? vscode.LogLevel.Trace : vscode.LogLevel.Info;
}

// The ids of package.json and what they do. A failure of any of them is told in one place.
import * as vscode from 'vscode';
import { showFailure } from '../ui/failures';
import { howToGetPython } from '../ui/helperMessages';
import { say } from '../ui/say';
import { check } from './check';
import type { Context } from './context';
import { create } from './create';
import { openRule } from './openRule';
import { repair } from './repair';
import { selectInterpreter } from './selectInterpreter';

export function registerCommands(context: Context, extension: vscode.Uri): vscode.Disposable {
  const commands: Record<string, (argument: unknown) => Promise<void>> = {
    'holdfast.create': () => create(context),
    'holdfast.selectInterpreter': () => selectInterpreter(context),
    'holdfast.check': () => check(context),
    'holdfast.repair': () => repair(context),
    'holdfast.restart': () => restart(context),
    'holdfast.showLog': async () => context.log.show(),
    'holdfast.openRule': (rule) => openRule(extension, rule),
    'holdfast.howToGetPython': () => howToGetPython(extension),
  };
  const registered = Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, (argument: unknown) =>
      // Not waited for: whoever ran the command need not wait until the message is closed.
      run(argument).catch((error) => void showFailure(error, context.log)),
    ),
  );
  return vscode.Disposable.from(...registered);
}

/** A helper that does not run tells so itself. */
async function restart({ helper }: Context): Promise<void> {
  await helper.restart();
  if (helper.state.kind === 'running') {
    say('The Holdfast helper runs anew.');
  }
}

// The ids of package.json and what they do. A failure of any of them is told in one place.
import * as vscode from 'vscode';
import { showFailure } from '../ui/failures';
import { howToGetPython } from '../ui/helperMessages';
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
    'holdfast.restart': () => context.helper.restart(),
    'holdfast.showLog': async () => context.log.show(),
    'holdfast.openRule': (rule) => openRule(extension, rule),
    'holdfast.howToGetPython': () => howToGetPython(extension),
  };
  const registered = Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, (argument: unknown) =>
      run(argument).catch((error) => showFailure(error, context.log)),
    ),
  );
  return vscode.Disposable.from(...registered);
}

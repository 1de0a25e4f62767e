// Select Interpreter…: the folder's environments, broken ones with the reason, then interpreters.
import { relative } from 'node:path';
import * as vscode from 'vscode';
import {
  type EnvironmentList,
  Environments,
  type FolderEnvironment,
  type Interpreter,
  type InterpreterList,
  Interpreters,
} from '../protocol';
import type { Choice } from '../selection/way';
import { refuseUntrusted } from '../trust';
import { asItem } from '../ui/bases';
import { openSetting } from '../ui/openSetting';
import { type Choosable, pickFolder, pickFrom, separator } from '../ui/pickers';
import { say } from '../ui/say';
import type { Context } from './context';
import { repairEnvironment } from './repair';

const TITLE = 'Select Interpreter';

type Pick = { environment: FolderEnvironment } | { interpreter: Interpreter };

export async function selectInterpreter(context: Context): Promise<void> {
  if (refuseUntrusted('select an interpreter')) {
    return;
  }
  const folder = await pickFolder(TITLE);
  if (folder === undefined) {
    return;
  }
  const picker = {
    title: TITLE,
    placeholder: `Pick the interpreter for ${folder.name}`,
    empty: 'No interpreter was found. Install Python, or add its folder to holdfast.searchPaths.',
  };
  const loading = known(context, folder);
  const picked = await pickFrom(
    picker,
    loading.then((lists) => items(folder, lists)),
  );
  if (picked === undefined) {
    return;
  }
  if ('environment' in picked && picked.environment.state === 'broken') {
    await repairEnvironment(context, picked.environment.path);
    return;
  }
  const [{ record }] = await loading;
  if (record === 'off') {
    sayOff();
    return;
  }
  const choice = choiceOf(picked);
  const way = await context.selection.select(folder, choice, record);
  if (way !== null) {
    say(`Selected ${choice.executable} through ${way.title}.`);
  }
}

function sayOff(): void {
  const open = 'Open Setting';
  const text =
    'Holdfast selects nothing, because interpreterPath is off, in your settings or in the project’s pyproject.toml. Change it to select an interpreter here.';
  void vscode.window.showInformationMessage(text, open).then((chosen) => {
    if (chosen === open) {
      void openSetting('interpreterPath');
    }
  });
}

function choiceOf(picked: Pick): Choice {
  return 'environment' in picked
    ? { executable: picked.environment.interpreter, setting: picked.environment.setting }
    : { executable: picked.interpreter.stable, setting: picked.interpreter.stable };
}

async function known(
  { helper }: Context,
  folder: vscode.WorkspaceFolder,
): Promise<[EnvironmentList, InterpreterList]> {
  const client = await helper.client();
  return Promise.all([
    client.sendRequest<EnvironmentList>(Environments, { folder: folder.uri.toString() }),
    client.sendRequest<InterpreterList>(Interpreters, {}),
  ]);
}

function items(
  folder: vscode.WorkspaceFolder,
  [{ environments }, { interpreters }]: [EnvironmentList, InterpreterList],
): Choosable<Pick>[] {
  const usable = interpreters.filter(({ state }) => state === 'ok');
  return [
    ...(environments.length > 0 ? [separator(`Environments in ${folder.name}`)] : []),
    ...environments.map((environment) => environmentItem(folder.uri.fsPath, environment)),
    ...(usable.length > 0 ? [separator('Interpreters')] : []),
    ...usable.map((interpreter) => ({ ...asItem(interpreter), value: { interpreter } })),
  ];
}

export function environmentItem(folder: string, environment: FolderEnvironment): Choosable<Pick> {
  const { path, version, state, reason, own, interpreter } = environment;
  const name = relative(folder, path) || path;
  const about = version === null ? '' : `Python ${version}`;
  if (state === 'broken') {
    return {
      label: `$(error) ${name}`,
      description: 'broken: pick it to see what can be done',
      detail: reason ?? 'Its interpreter does not work.',
      value: { environment },
    };
  }
  return {
    label: `$(${own ? 'star-full' : 'package'}) ${name}`,
    description: own ? `${about} · this folder’s own` : about,
    detail: interpreter,
    value: { environment },
  };
}

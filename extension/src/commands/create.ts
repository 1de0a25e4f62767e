// Create venv…: a base interpreter, a folder name and what is to be installed; the new environment
// is selected.
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { environmentName } from '../configuration';
import type { Helper } from '../helper';
import {
  Create,
  type CreateParams,
  type Creation,
  type Interpreter,
  type InterpreterList,
  Interpreters,
  type RequirementList,
  type RequirementSource,
  Requirements,
} from '../protocol';
import { refuseUntrusted } from '../trust';
import { pickBase } from '../ui/bases';
import { reportCreation, reportSelected } from '../ui/creations';
import { namesOption, showFailure } from '../ui/failures';
import { agreesToReplace, askName, occupant } from '../ui/folderNames';
import { openSetting } from '../ui/openSetting';
import { pickFolder, pickSeveral } from '../ui/pickers';
import { requestWithProgress } from '../ui/progress';
import type { Context } from './context';

const TITLE = 'Create venv';

export async function create(context: Context): Promise<void> {
  if (refuseUntrusted('create an environment')) {
    return;
  }
  const folder = await pickFolder(TITLE);
  const params = folder && (await askParams(context.helper, folder));
  if (folder === undefined || params === undefined) {
    return;
  }
  await makeAndSelect(context, folder, params);
}

/** What the user wants; undefined when they left or do not want to lose what is there. */
async function askParams(
  helper: Helper,
  folder: vscode.WorkspaceFolder,
): Promise<CreateParams | undefined> {
  const uri = folder.uri.toString();
  const found = findChoices(helper, uri);
  const base = await pickBase(TITLE, found);
  const parent = folder.uri.fsPath;
  const name = base && (await askName(TITLE, parent, environmentName(), base.version));
  if (base === undefined || name === undefined) {
    return undefined;
  }
  const path = join(parent, name);
  const replace = occupant(path) === 'environment';
  if (replace && !(await agreesToReplace(path, name))) {
    return undefined;
  }
  const [, { sources }] = await found;
  const install = await pickSources(sources);
  const { python } = base;
  return install && { folder: uri, name, python, replace, redirect: false, install };
}

async function findChoices(
  helper: Helper,
  folder: string,
): Promise<[Interpreter[], RequirementList]> {
  const client = await helper.client();
  const [{ interpreters }, requirements] = await Promise.all([
    client.sendRequest<InterpreterList>(Interpreters, {}),
    client.sendRequest<RequirementList>(Requirements, { folder }),
  ]);
  return [interpreters, requirements];
}

/** Nothing is ticked beforehand: installing runs what packages bring along. */
async function pickSources(sources: RequirementSource[]): Promise<string[] | undefined> {
  const items = sources.map(({ id, label }) => ({ label: id, description: label, value: id }));
  const placeholder = 'Pick what to install, or nothing';
  return items.length === 0 ? [] : pickSeveral({ title: TITLE, placeholder }, items);
}

/** Where there is a way out, it is offered with the failure. */
export async function makeAndSelect(
  context: Context,
  folder: vscode.WorkspaceFolder,
  params: CreateParams,
): Promise<void> {
  try {
    await makeThere(context, folder, params);
  } catch (error) {
    if (namesOption(error, '--redirect')) {
      if (await showFailure(error, context.log, 'Keep It on Another Disk')) {
        await makeThere(context, folder, { ...params, redirect: true });
      }
    } else if (namesOption(error, '--no-pip')) {
      if (await showFailure(error, context.log, 'Open Setting')) {
        await openSetting('seed');
      }
    } else {
      throw error;
    }
  }
}

async function makeThere(
  { helper, selection, log }: Context,
  folder: vscode.WorkspaceFolder,
  params: CreateParams,
): Promise<void> {
  const { name } = params;
  const title = `Creating ${name} in ${folder.name}`;
  await selection.whileWorking(folder, async () => {
    let cancelled = false;
    const made = await requestWithProgress<Creation>(helper, title, Create, params, () => {
      cancelled = true;
    });
    reportCreation(name, made, cancelled, log);
    const choice = { executable: made.interpreter, setting: made.setting };
    reportSelected(name, made, await selection.select(folder, choice, made.record));
  });
}

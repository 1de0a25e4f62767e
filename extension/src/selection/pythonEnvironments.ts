// Selecting through the Python Environments extension (ms-python.vscode-python-envs).
import type { PythonEnvironment, PythonEnvironmentApi } from '@vscode/python-environments';
import * as vscode from 'vscode';
import { Refusal } from '../ui/failures';
import { isSetByUser } from './chosen';
import { isSamePath } from './paths';
import type { Current, Way } from './way';

const ID = 'ms-python.vscode-python-envs';
const SETTINGS = 'python-envs';

export type EnvironmentsApi = Pick<
  PythonEnvironmentApi,
  'getEnvironment' | 'resolveEnvironment' | 'setEnvironment'
>;

/** Null where the extension is not installed, is switched off, or does not start. */
export async function pythonEnvironmentsWay(log: vscode.LogOutputChannel): Promise<Way | null> {
  const extension = vscode.extensions.getExtension<EnvironmentsApi | undefined>(ID);
  if (extension === undefined || isSwitchedOff()) {
    return null;
  }
  try {
    const api = extension.isActive ? extension.exports : await extension.activate();
    // It exports nothing while it leaves the work to the Python extension.
    return api === undefined || api === null ? null : wayThrough(api);
  } catch (error) {
    log.warn(`The Python Environments extension did not start: ${error}`);
    return null;
  }
}

/** The extension steps back for the whole window when one folder says so. */
function isSwitchedOff(): boolean {
  const scopes = [undefined, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  return scopes.some((scope) => {
    const setting = vscode.workspace
      .getConfiguration('python', scope)
      .inspect<boolean>('useEnvironmentsExtension');
    return (
      setting?.globalValue === false ||
      setting?.workspaceValue === false ||
      setting?.workspaceFolderValue === false
    );
  });
}

export function wayThrough(api: EnvironmentsApi): Way {
  return {
    name: 'environments',
    title: 'the Python Environments extension',
    async current(folder, { executable }): Promise<Current> {
      const current = await api.getEnvironment(folder.uri);
      if (current !== undefined && isExecutableOf(current, executable)) {
        return { kind: 'this' };
      }
      const path = current === undefined ? null : executableOf(current);
      if (isDecidedBySettings(folder.uri)) {
        return { kind: 'other', executable: path };
      }
      // Without a choice it answers with the system's Python; choosing that one by hand would be
      // written into a setting, which was looked at above.
      const nothing = current === undefined || current.envId.managerId.endsWith(':system');
      return nothing ? { kind: 'nothing' } : { kind: 'other', executable: path };
    },
    async isSilent(folder, { executable }) {
      // It writes the manager into the workspace's settings when that is not the one that rules
      // there anyway, and always in a workspace file.
      const environment = await api.resolveEnvironment(vscode.Uri.file(executable));
      const manager = vscode.workspace
        .getConfiguration(SETTINGS, folder.uri)
        .get<string>('defaultEnvManager');
      return (
        vscode.workspace.workspaceFile === undefined &&
        (manager === undefined || manager === environment?.envId.managerId)
      );
    },
    async select(folder, { executable }) {
      const environment = await api.resolveEnvironment(vscode.Uri.file(executable));
      if (environment === undefined) {
        throw new Refusal(
          `The Python Environments extension does not accept ${executable} as an interpreter.`,
        );
      }
      await api.setEnvironment(folder.uri, environment);
      const now = await api.getEnvironment(folder.uri);
      if (now === undefined || !isSameEnvironment(now, environment)) {
        throw new Refusal(
          `The Python Environments extension did not take ${executable} for ${folder.name}. A setting may decide there.`,
        );
      }
    },
  };
}

function isDecidedBySettings(folder: vscode.Uri): boolean {
  return (
    isSetByUser(SETTINGS, 'pythonProjects', folder) ||
    isSetByUser(SETTINGS, 'defaultEnvManager', folder) ||
    isSetByUser('python', 'defaultInterpreterPath', folder)
  );
}

function executableOf({ execInfo, environmentPath }: PythonEnvironment): string {
  return execInfo?.run?.executable ?? environmentPath.fsPath;
}

function isExecutableOf(environment: PythonEnvironment, executable: string): boolean {
  return (
    isSamePath(executableOf(environment), executable) ||
    isSamePath(environment.environmentPath.fsPath, executable)
  );
}

function isSameEnvironment(a: PythonEnvironment, b: PythonEnvironment): boolean {
  return a.envId?.id === b.envId?.id || isSamePath(executableOf(a), executableOf(b));
}

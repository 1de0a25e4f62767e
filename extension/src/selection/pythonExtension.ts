// Selecting through the Python extension (ms-python.python).
import type { PythonExtension } from '@vscode/python-extension';
import * as vscode from 'vscode';
import { Refusal } from '../ui/failures';
import { isSetByUser } from './chosen';
import { isSamePath } from './paths';
import type { Choice, Current, Way } from './way';

const ID = 'ms-python.python';
const VERIFY_TIMEOUT = 5_000;

type Environments = PythonExtension['environments'];

/** Null where the extension is not installed, is switched off, or does not start. */
export async function pythonExtensionWay(log: vscode.LogOutputChannel): Promise<Way | null> {
  const extension = vscode.extensions.getExtension<PythonExtension>(ID);
  if (extension === undefined) {
    return null;
  }
  try {
    const api = extension.isActive ? extension.exports : await extension.activate();
    return api?.environments === undefined ? null : wayThrough(api.environments);
  } catch (error) {
    log.warn(`The Python extension did not start: ${error}`);
    return null;
  }
}

export function wayThrough(environments: Environments, timeout = VERIFY_TIMEOUT): Way {
  const isActive = (folder: vscode.WorkspaceFolder, { executable }: Choice) =>
    isSamePath(environments.getActiveEnvironmentPath(folder).path, executable);
  return {
    name: 'python',
    title: 'the Python extension',
    async current(folder, choice): Promise<Current> {
      const active = environments.getActiveEnvironmentPath(folder);
      if (isSamePath(active.path, choice.executable)) {
        return { kind: 'this' };
      }
      if (isSetByUser('python', 'defaultInterpreterPath', folder.uri)) {
        return { kind: 'other', executable: active.path };
      }
      // The extension does not say whether a person or itself chose what is active. Only its
      // default means surely that nobody did, so anything else is left alone.
      const nothing = active.id === 'DEFAULT_PYTHON' || active.path === 'python';
      return nothing ? { kind: 'nothing' } : { kind: 'other', executable: active.path };
    },
    // The extension keeps the selection in its own storage.
    isSilent: async () => true,
    async select(folder, choice) {
      const { executable } = choice;
      // updateActiveEnvironmentPath takes whatever it is given, so ask first.
      const resolved = await environments.resolveEnvironment(executable);
      if (resolved === undefined) {
        throw new Refusal(`The Python extension does not accept ${executable} as an interpreter.`);
      }
      if (isActive(folder, choice)) {
        return;
      }
      const changed = nextChange(environments, () => isActive(folder, choice), timeout);
      await environments.updateActiveEnvironmentPath(executable, folder);
      if (!(await changed)) {
        throw new Refusal(
          `The Python extension did not take ${executable} for ${folder.name}. Another extension or setting may decide there.`,
        );
      }
    },
  };
}

/** Waits for a change after which `holds` is true; false when none comes in time. */
function nextChange(
  environments: Environments,
  holds: () => boolean,
  timeout: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      listener.dispose();
      resolve(holds());
    };
    const timer = setTimeout(finish, timeout);
    const listener = environments.onDidChangeActiveEnvironmentPath(() => {
      if (holds()) {
        finish();
      }
    });
  });
}

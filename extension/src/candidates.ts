// Where a Python that can run the helper may be: the files that have the right name, best first.
// Nothing here starts anything but the Windows launcher, which only lists.
import { posix, win32 } from 'node:path';
import type { Machine } from './machine';

/** Lists the installed Pythons without starting one of them. */
const LAUNCHER_LIST = ['-0p'];
const LAUNCHER_TIMEOUT = 5_000;

export async function candidates(machine: Machine): Promise<string[]> {
  const found = [
    ...(await onPath(machine)),
    ...(await fromLauncher(machine)),
    ...(await inKnownFolders(machine)),
  ];
  return [...new Set(found)];
}

export function pathsOf(machine: Machine): typeof posix {
  return machine.platform === 'win32' ? win32 : posix;
}

async function onPath(machine: Machine): Promise<string[]> {
  const paths = pathsOf(machine);
  const variable = machine.env.PATH ?? machine.env.Path ?? '';
  // A relative entry means another folder for each program; in a workspace it would be the workspace's.
  const folders = variable.split(paths.delimiter).filter((folder) => paths.isAbsolute(folder));
  const suffix = machine.platform === 'win32' ? '.exe' : '';
  const found: string[] = [];
  for (const name of ['python3', 'python']) {
    for (const folder of folders) {
      const path = paths.join(folder, name + suffix);
      if (await machine.facts(path)) {
        found.push(path);
      }
    }
  }
  return found;
}

async function fromLauncher(machine: Machine): Promise<string[]> {
  if (machine.platform !== 'win32') {
    return [];
  }
  // By its full path where that is known: a bare name would also be looked for in the current folder.
  const windows = machine.env.SystemRoot ?? machine.env.windir ?? 'C:\\Windows';
  const local = machine.env.LOCALAPPDATA ?? '';
  for (const launcher of [
    win32.join(windows, 'py.exe'),
    win32.join(local, 'Programs', 'Python', 'Launcher', 'py.exe'),
  ]) {
    if (win32.isAbsolute(launcher) && (await machine.facts(launcher))) {
      const ran = await machine.run(launcher, LAUNCHER_LIST, LAUNCHER_TIMEOUT);
      return listedByLauncher(ran.stdout);
    }
  }
  return [];
}

/** Lines such as ` -V:3.12 *        C:\Python312\python.exe`. */
export function listedByLauncher(output: string): string[] {
  return output
    .split(/\r?\n/)
    .map((line) => /\s([A-Za-z]:\\.*\.exe)\s*$/i.exec(line)?.[1])
    .filter((path) => path !== undefined);
}

async function inKnownFolders(machine: Machine): Promise<string[]> {
  const found: string[] = [];
  for (const folder of await knownFolders(machine)) {
    found.push(...(await pythonsIn(machine, folder)));
  }
  return found;
}

async function pythonsIn(machine: Machine, folder: string): Promise<string[]> {
  const name =
    machine.platform === 'win32' ? /^python(3(\.\d+)?)?\.exe$/i : /^python3?(\.\d+)?$|^pypy3$/;
  const names = (await machine.list(folder)).filter((entry) => name.test(entry));
  return names.sort(newestFirst).map((entry) => pathsOf(machine).join(folder, entry));
}

async function knownFolders(machine: Machine): Promise<string[]> {
  return machine.platform === 'win32' ? windowsFolders(machine) : posixFolders(machine);
}

async function posixFolders(machine: Machine): Promise<string[]> {
  const { env, home } = machine;
  const data = env.XDG_DATA_HOME ?? posix.join(home, '.local/share');
  const below = (folder: string, tail = 'bin') => versionsBelow(machine, folder, tail);
  return [
    '/usr/bin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
    '/home/linuxbrew/.linuxbrew/bin',
    ...(await below('/Library/Frameworks/Python.framework/Versions')),
    ...(await below(posix.join(env.PYENV_ROOT ?? posix.join(home, '.pyenv'), 'versions'))),
    ...(await below(env.UV_PYTHON_INSTALL_DIR ?? posix.join(data, 'uv/python'))),
    ...(await below(posix.join(env.MISE_DATA_DIR ?? posix.join(data, 'mise'), 'installs/python'))),
    ...(await below(posix.join(env.ASDF_DATA_DIR ?? posix.join(home, '.asdf'), 'installs/python'))),
    ...(await below('/opt/python')),
    ...(await below('/opt')),
  ];
}

async function windowsFolders(machine: Machine): Promise<string[]> {
  const { env, home } = machine;
  const local = env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local');
  const roaming = env.APPDATA ?? win32.join(home, 'AppData', 'Roaming');
  const below = (folder: string) => versionsBelow(machine, folder, '');
  const pythons = async (folder: string) =>
    (await below(folder)).filter((path) => /^python[\d.-]*$/i.test(win32.basename(path)));
  return [
    ...(await below(win32.join(local, 'Programs', 'Python'))),
    ...(await below(win32.join(local, 'Python'))),
    ...(await pythons(env.ProgramFiles ?? 'C:\\Program Files')),
    ...(await pythons('C:\\')),
    ...(await below(env.UV_PYTHON_INSTALL_DIR ?? win32.join(roaming, 'uv', 'python'))),
    ...(await below(win32.join(home, '.pyenv', 'pyenv-win', 'versions'))),
    ...(await below(win32.join(home, 'scoop', 'apps', 'python'))),
  ];
}

async function versionsBelow(machine: Machine, folder: string, tail: string): Promise<string[]> {
  const names = (await machine.list(folder)).filter((name) => !name.startsWith('.'));
  return names.sort(newestFirst).map((name) => pathsOf(machine).join(folder, name, tail));
}

/** Orders names by the numbers in them, so that 3.13 stands before 3.9 and `python3.12` before `python3`. */
export function newestFirst(a: string, b: string): number {
  const left = numbersIn(a);
  const right = numbersIn(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (right[index] ?? -1) - (left[index] ?? -1);
    if (difference !== 0) {
      return difference;
    }
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function numbersIn(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}

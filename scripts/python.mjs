// Which installed Python the scripts work with. Nothing that could be a virtual environment, a version manager's
// shim or an installer's stub is started.

import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { allOnPath } from './command.mjs';
import { run } from './run.mjs';
import { Failure } from './terminal.mjs';

const oldest = [3, 10];

// venv, ssl and zipfile are what the scripts use; a stripped Debian `python3-minimal` lacks the first.
const probe = `
import json, platform, sys
missing = []
for name in ("venv", "ssl", "zipfile"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
print(json.dumps({
    "version": list(sys.version_info[:3]), "release": platform.python_version(),
    "implementation": sys.implementation.name, "prefix": sys.prefix, "basePrefix": sys.base_prefix,
    "missing": missing,
}))
`;

/**
 * The first installed Python that can be used.
 *
 * @returns {Promise<{path: string, version: number[], release: string, prefix: string}>}
 * @throws Failure that lists what was passed over, and why
 */
export async function findPython(env = process.env) {
  const passedOver = [];
  for (const path of candidates(env)) {
    const { python, reason } = await examine(path);
    if (python) {
      return python;
    }
    passedOver.push(`${path}: ${reason}`);
  }
  const seen = passedOver.length ? `\nPassed over:\n  ${passedOver.join('\n  ')}` : '';
  throw new Failure(
    'Holdfast needs Python 3.10 or newer, and found none on PATH or in the usual folders. ' +
      'Install one (Debian and Ubuntu: apt-get install python3; macOS: brew install python; Windows: python.org), ' +
      `or name one in the environment variable HOLDFAST_PYTHON, and run the command again.${seen}`,
  );
}

/** Every installed CPython that can be used, each once. */
export async function allPythons(env = process.env) {
  const found = new Map();
  for (const path of candidates(env)) {
    const { python } = await examine(path);
    if (python?.implementation === 'cpython' && !found.has(realpathSync(path))) {
      found.set(realpathSync(path), python);
    }
  }
  return [...found.values()];
}

/** Looks at one candidate: `{ python }`, or `{ reason }` why it cannot be used. */
export async function examine(path) {
  const reason = passOver(path);
  if (reason) {
    return { reason };
  }
  const { code, stdout } = await run(path, ['-I', '-c', probe], { timeout: 15_000 });
  if (code !== 0) {
    return { reason: 'does not start' };
  }
  const facts = JSON.parse(stdout);
  if (facts.prefix !== facts.basePrefix) {
    return { reason: 'is a virtual environment' };
  }
  if (facts.version[0] !== oldest[0] || facts.version[1] < oldest[1]) {
    return { reason: `is Python ${facts.release}` };
  }
  if (facts.missing.length) {
    return { reason: `lacks the standard module ${facts.missing[0]} (a stripped installation)` };
  }
  return { python: { path, ...facts } };
}

/** Why a candidate is not even started, or undefined. */
function passOver(path) {
  if (!existsSync(path)) {
    return 'does not exist';
  }
  if (insideEnvironment(path) || insideEnvironment(realpathSync(path))) {
    return 'is a virtual environment';
  }
  if (isScript(path) || !/^(py|python|pypy)/i.test(basename(realpathSync(path)))) {
    return 'is a shim of a version manager';
  }
  if (/[\\/]WindowsApps[\\/]/i.test(path)) {
    return 'is the stub of the Microsoft Store';
  }
  // Without the developer tools this file only opens a dialog that offers to install them.
  if (process.platform === 'darwin' && path === '/usr/bin/python3' && !haveDeveloperTools()) {
    return 'is the stub of the macOS developer tools';
  }
  return undefined;
}

function insideEnvironment(path) {
  const folder = dirname(path);
  return existsSync(join(folder, 'pyvenv.cfg')) || existsSync(join(dirname(folder), 'pyvenv.cfg'));
}

function isScript(path) {
  const bytes = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return bytes.toString('latin1') === '#!';
}

function haveDeveloperTools() {
  return ['/Library/Developer/CommandLineTools', '/Applications/Xcode.app'].some((path) =>
    existsSync(path),
  );
}

function candidates(env) {
  if (env.HOLDFAST_PYTHON) {
    return [env.HOLDFAST_PYTHON];
  }
  const names = ['python3', 'python', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)];
  const paths = names.flatMap((name) => allOnPath(name, env));
  paths.push(...(process.platform === 'win32' ? windowsPythons(env) : unixPythons(env)));
  return [...new Set(paths)].filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

function unixPythons(env) {
  const home = env.HOME ?? homedir();
  const pyenv = join(env.PYENV_ROOT ?? join(home, '.pyenv'), 'versions');
  const uv = env.UV_PYTHON_INSTALL_DIR ?? join(home, '.local', 'share', 'uv', 'python');
  const managed = [pyenv, uv].flatMap((folder) =>
    inside(folder)
      .reverse()
      .map((name) => join(folder, name, 'bin')),
  );
  const folders = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/local/bin', ...managed];
  return folders.flatMap((folder) =>
    inside(folder)
      .filter((name) => /^python3(\.\d+)?$/.test(name))
      .map((name) => join(folder, name)),
  );
}

function windowsPythons(env) {
  const folders = [
    join(env.LOCALAPPDATA ?? '', 'Programs', 'Python'),
    env.ProgramFiles ?? 'C:\\Program Files',
  ];
  return folders.flatMap((folder) =>
    inside(folder)
      .filter((name) => /^Python3\d+$/i.test(name))
      .map((name) => join(folder, name, 'python.exe')),
  );
}

function inside(folder) {
  try {
    return readdirSync(folder).sort(byNumbers);
  } catch {
    return [];
  }
}

function byNumbers(one, other) {
  return one.localeCompare(other, 'en', { numeric: true });
}

// Which Python runs the helper. It must never be the one that the workspace selected: that one
// may be the broken one. A candidate is judged by its files first, and started only when nothing
// about them speaks against it.
import { candidates, pathsOf } from './candidates';
import type { Machine } from './machine';

export const OLDEST = [3, 10] as const;
const START_TIMEOUT = 15_000;
const MOST_LINKS = 40;

export interface Python {
  path: string;
  version: string;
}

export interface PassedOver {
  path: string;
  why: string;
}

export interface Search {
  python: Python | null;
  passedOver: PassedOver[];
  /** Why the setting cannot be used, where the user gave one. Then no other Python is taken. */
  setting: PassedOver | null;
}

export async function findPython(machine: Machine, setting: string): Promise<Search> {
  const given = expandHome(machine, setting.trim());
  if (given !== '') {
    return fromSetting(machine, given);
  }
  const passedOver: PassedOver[] = [];
  const started = new Set<string>();
  for (const path of await candidates(machine)) {
    const why = (await whyNotTrusted(machine, path)) ?? (await whyNotToStart(machine, path));
    if (why !== null) {
      passedOver.push({ path, why });
      continue;
    }
    const real = (await machine.realPath(path)) ?? path;
    if (started.has(real)) {
      continue;
    }
    started.add(real);
    const answer = await start(machine, path);
    if ('version' in answer) {
      return { python: answer, passedOver, setting: null };
    }
    passedOver.push(answer);
  }
  return { python: null, passedOver, setting: null };
}

async function fromSetting(machine: Machine, path: string): Promise<Search> {
  const why = pathsOf(machine).isAbsolute(path)
    ? await whyNotToStart(machine, path)
    : 'is not an absolute path';
  const answer = why === null ? await start(machine, path) : { path, why };
  return 'version' in answer
    ? { python: answer, passedOver: [], setting: null }
    : { python: null, passedOver: [answer], setting: answer };
}

function expandHome(machine: Machine, path: string): string {
  return path === '~' || /^~[\\/]/.test(path)
    ? pathsOf(machine).join(machine.home, path.slice(1))
    : path;
}

/** PATH may lead into the workspace, of which nothing is started. A setting is the user's own word. */
async function whyNotTrusted(machine: Machine, path: string): Promise<string | null> {
  const paths = pathsOf(machine);
  const real = await Promise.all(machine.workspace().map((folder) => machine.realPath(folder)));
  const folders = [...machine.workspace(), ...real].filter((folder) => folder !== null);
  const names = await namesOf(machine, path);
  const isInside = (folder: string, name: string) => {
    const way = paths.relative(folder, name);
    return way !== '..' && !way.startsWith(`..${paths.sep}`) && !paths.isAbsolute(way);
  };
  return folders.some((folder) => names.some((name) => isInside(folder, name)))
    ? 'is in the workspace'
    : null;
}

/** What the files alone say against a candidate; null when it may be started. */
async function whyNotToStart(machine: Machine, path: string): Promise<string | null> {
  if (isStoreStub(machine, path)) {
    return 'is the Microsoft Store’s placeholder';
  }
  const facts = await machine.facts(path);
  if (facts === null) {
    return (await machine.readLink(path)) === null
      ? 'does not exist'
      : 'is a link that leads nowhere';
  }
  if (facts.kind === 'folder') {
    return 'is a folder, not an executable';
  }
  if (facts.kind === 'other') {
    return 'is not a regular file';
  }
  const names = await namesOf(machine, path);
  if (names.some((name) => isInShims(machine, name))) {
    return 'is a shim of a version manager';
  }
  for (const name of names) {
    const environment = await environmentAround(machine, name);
    if (environment !== null) {
      return `is in the virtual environment ${environment}`;
    }
  }
  if (facts.size === 0) {
    return 'is an empty file';
  }
  if (machine.platform !== 'win32' && !facts.executable) {
    return 'may not be executed';
  }
  if ((await machine.firstBytes(path, 2)) === '#!') {
    return 'is a script that starts another program (a shim)';
  }
  if (machine.platform === 'win32' && !/\.exe$/i.test(path)) {
    return 'is not an .exe file';
  }
  if (machine.platform === 'darwin' && names.includes('/usr/bin/python3')) {
    return (await hasDeveloperTools(machine))
      ? null
      : 'would only ask to install the developer tools';
  }
  return null;
}

/** The names on the way from a path to the real file: each link of the chain, and the real path. */
async function namesOf(machine: Machine, path: string): Promise<string[]> {
  const paths = pathsOf(machine);
  const names = [path];
  let current = path;
  for (let hop = 0; hop < MOST_LINKS; hop++) {
    const folder = (await machine.realPath(paths.dirname(current))) ?? paths.dirname(current);
    const inRealFolder = paths.join(folder, paths.basename(current));
    names.push(inRealFolder);
    const target = await machine.readLink(inRealFolder);
    if (target === null) {
      break;
    }
    current = paths.resolve(folder, target);
    names.push(current);
  }
  return [...new Set(names)];
}

async function environmentAround(machine: Machine, path: string): Promise<string | null> {
  const paths = pathsOf(machine);
  const beside = paths.dirname(path);
  for (const folder of [beside, paths.dirname(beside)]) {
    if (await machine.facts(paths.join(folder, 'pyvenv.cfg'))) {
      return folder;
    }
  }
  return null;
}

function isInShims(machine: Machine, path: string): boolean {
  const paths = pathsOf(machine);
  return paths.basename(paths.dirname(path)).toLowerCase() === 'shims';
}

function isStoreStub(machine: Machine, path: string): boolean {
  return machine.platform === 'win32' && /[\\/]WindowsApps[\\/]/i.test(path);
}

/** Without these, /usr/bin/python3 opens a dialog that offers to install them. */
async function hasDeveloperTools(machine: Machine): Promise<boolean> {
  for (const developer of [
    '/Library/Developer/CommandLineTools',
    '/var/db/xcode_select_link',
    '/Applications/Xcode.app/Contents/Developer',
  ]) {
    if (await machine.facts(`${developer}/usr/bin/python3`)) {
      return true;
    }
  }
  return false;
}

// Written for every Python there is: an old one must say how old it is. asyncio and json are
// what a stripped-down system Python lacks and the helper needs.
const ASK = [
  'import sys',
  "sys.stdout.write('%d.%d.%d ' % sys.version_info[:3])",
  `sys.version_info >= (${OLDEST.join(', ')}) or sys.exit(0)`,
  'import asyncio, json',
  "sys.stdout.write('env' if sys.prefix != sys.base_prefix else 'ok')",
].join('\n');

async function start(machine: Machine, path: string): Promise<Python | PassedOver> {
  const ran = await machine.run(path, ['-I', '-c', ASK], START_TIMEOUT);
  const [version = '', verdict = ''] = ran.stdout.trim().split(' ');
  if (ran.timedOut) {
    return { path, why: `did not answer within ${START_TIMEOUT / 1000} seconds` };
  }
  if (/unknown option:? -I/i.test(ran.stderr)) {
    return { path, why: `is older than Python ${OLDEST.join('.')}` };
  }
  if (/^\d+\.\d+\.\d+$/.test(version)) {
    if (!isNewEnough(version)) {
      return { path, why: `is Python ${version}; 3.10 or newer is needed` };
    }
    if (verdict === 'env') {
      return { path, why: 'is in a virtual environment' };
    }
    if (verdict === 'ok' && ran.code === 0) {
      return { path, version };
    }
  }
  return { path, why: `does not start: ${lastLine(ran.stderr) || `exit code ${ran.code}`}` };
}

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function lastLine(text: string): string {
  return text.trim().split(/\r?\n/).pop()?.trim() ?? '';
}

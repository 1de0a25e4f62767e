// Tools that come as Debian packages. They are installed only where nobody could mind: as root, on a CI machine.

import { delimiter } from 'node:path';
import { onPath } from './command.mjs';
import { allPythons } from './python.mjs';
import { mustRun, run } from './run.mjs';
import { step } from './terminal.mjs';

/** What tests may need, by name: the Debian package that brings it, and whether it is there. */
const tools = {
  chromium: {
    name: 'chromium',
    present: () => ['chromium', 'chromium-browser'].some((name) => onPath(name)),
  },
  'g++': { name: 'g++', present: () => onPath('g++') },
  make: { name: 'make', present: () => onPath('make') },
  'bsd-csh': { name: 'csh', present: () => onPath('bsd-csh') },
  busybox: { name: 'busybox', present: () => onPath('busybox') },
  nvim: { name: 'neovim', present: () => onPath('nvim') },
  fish: { name: 'fish', present: () => onPath('fish') },
  git: { name: 'git', present: () => onPath('git') },
  ksh93: { name: 'ksh93u+m', present: () => onPath('ksh93') },
  tcsh: { name: 'tcsh', present: () => onPath('tcsh') },
  xonsh: { name: 'xonsh', present: () => onPath('xonsh') },
  wine: { name: 'wine', present: () => onPath('wine') },
  zsh: { name: 'zsh', present: () => onPath('zsh') },
  'mkfs.btrfs': { name: 'btrfs-progs', present: () => onPathOfRoot('mkfs.btrfs') },
  'mkfs.exfat': { name: 'exfatprogs', present: () => onPathOfRoot('mkfs.exfat') },
  'mount.exfat-fuse': { name: 'exfat-fuse', present: () => onPathOfRoot('mount.exfat-fuse') },
  pypy3: { name: 'pypy3-venv', present: () => onPath('pypy3') },
  'python3-dbg': { name: 'python3-dbg', present: () => onPath('python3-dbg') },
  'a Python that carries pip': { name: 'python3-venv', present: somePythonCarriesPip },
};

/** Whether this machine belongs to nobody: what is missing is then installed, or its absence is a failure. */
export const isCi = process.env.CI === 'true';

/**
 * Makes sure that tools are there, where that is allowed.
 *
 * @param {string[]} needed such as `chromium`
 * @returns {Promise<string | undefined>} undefined when all are there, or what is missing and how to get it
 */
export async function needTools(needed) {
  let missing = await absent(needed);
  if (missing.length && isCi && process.getuid?.() === 0 && onPath('apt-get')) {
    await install(missing.map((tool) => tools[tool].name));
    missing = await absent(needed);
  }
  if (!missing.length) {
    return undefined;
  }
  const names = missing.map((tool) => tools[tool].name).join(' ');
  return `this machine lacks ${missing.join(', ')} (Debian and Ubuntu: apt-get install ${names})`;
}

/** What is for root lies in folders that others do not have on PATH. */
function onPathOfRoot(command) {
  return onPath(command, { PATH: [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter) });
}

async function absent(needed) {
  const missing = [];
  for (const tool of needed) {
    if (!(await tools[tool].present())) {
      missing.push(tool);
    }
  }
  return missing;
}

async function somePythonCarriesPip() {
  for (const { path } of await allPythons()) {
    if ((await run(path, ['-I', '-c', 'import ensurepip; ensurepip.version()'])).code === 0) {
      return true;
    }
  }
  return false;
}

async function install(names) {
  step(`Installing ${names.join(', ')} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await mustRun('apt-get', ['update', '-q'], {
    env,
    advice: 'apt-get could not read its package lists. It said:',
  });
  // Chromium draws the screenshots, and without a font it draws boxes.
  const fonts = names.includes('chromium') ? ['fonts-dejavu-core'] : [];
  await mustRun('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names, ...fonts], {
    env,
    advice: `apt-get could not install ${names.join(', ')}. It said:`,
  });
}

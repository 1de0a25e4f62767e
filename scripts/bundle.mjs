// server/bundled: the helper's Python libraries as they go into the extension. Pure Python, so that one package
// serves every system and every Python from 3.10 on, and from the lock file alone.

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { bundled, root, wheels } from './paths.mjs';
import { pip } from './pip.mjs';
import { hashOf, makeOnce } from './stamp.mjs';
import { Failure, step } from './terminal.mjs';

const lock = join(root, 'server', 'requirements.txt');

// Whatever Python runs pip here, it must choose what suits every Python that may run the helper.
const anyPython = [
  '--no-deps',
  '--require-hashes',
  '--only-binary=:all:',
  '--platform=any',
  '--python-version=3.10',
  '--implementation=py',
  '--abi=none',
];

const compiled = new Set(['.so', '.pyd', '.dll', '.dylib', '.exe', '.pyc', '.o', '.a', '.lib']);

/** Makes sure that server/bundled is what server/requirements.txt says; the wheels stay in .local/wheels. */
export async function bundle(python) {
  await makeOnce('bundled', hashOf(lock, { text: wheels }), [bundled, wheels], async () => {
    step("Fetching the helper's Python libraries (2 MB)");
    const fresh = `${bundled}.new`;
    rmSync(fresh, { recursive: true, force: true });
    rmSync(wheels, { recursive: true, force: true });
    await pip(python, ['download', '--quiet', ...anyPython, '--dest', wheels, '-r', lock]);
    await pip(python, [
      ...['install', '--quiet', '--no-index', '--find-links', wheels, '--no-compile'],
      ...anyPython,
      ...['--target', fresh, '-r', lock],
    ]);
    strip(fresh);
    refuseCompiled(fresh);
    rmSync(bundled, { recursive: true, force: true });
    renameSync(fresh, bundled);
  });
  if (!existsSync(join(bundled, 'pygls'))) {
    throw new Failure('server/bundled has no pygls. Delete the folder and run the command again.');
  }
}

/** Takes away what nothing reads at run time. Licences and the metadata with the versions stay. */
function strip(folder) {
  rmSync(join(folder, 'bin'), { recursive: true, force: true });
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.dist-info')) {
      for (const record of ['RECORD', 'INSTALLER', 'REQUESTED', 'direct_url.json']) {
        rmSync(join(folder, name, record), { force: true });
      }
    }
  }
  for (const path of walk(folder, (name) => name === '__pycache__' || name === 'tests')) {
    rmSync(path, { recursive: true, force: true });
  }
}

function refuseCompiled(folder) {
  const found = walk(folder, (name) => isCompiled(name));
  if (found.length) {
    throw new Failure(
      `A bundled library holds a compiled file, which suits one system only: ${found[0]}`,
    );
  }
}

/** Whether a file name is that of compiled code. */
export function isCompiled(name) {
  return compiled.has(extname(name).toLowerCase()) || /\.so(\.\d+)+$/.test(name);
}

function walk(folder, wanted) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (wanted(entry.name)) {
      return [path];
    }
    return entry.isDirectory() ? walk(path, wanted) : [];
  });
}

// holdfast.vsix: the extension with the helper and its libraries. `npm run package`

import './require-node.mjs';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, isCompiled } from './bundle.mjs';
import { nodePackages } from './node.mjs';
import { local, root, vsix } from './paths.mjs';
import { findPython } from './python.mjs';
import { mustRun } from './run.mjs';
import { hashOf, makeOnce } from './stamp.mjs';
import { Failure, main, step } from './terminal.mjs';
import { zipEntries } from './zip.mjs';

const limit = 3_000_000;

const sources = [
  ...['package.json', 'package-lock.json', '.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE'],
  ...['extension', 'docs', 'server', 'scripts/build.mjs', 'scripts/package.mjs'],
];

/** Makes sure that holdfast.vsix is built from what stands in this folder, and returns its path. */
export async function buildVsix() {
  const python = await findPython();
  await nodePackages();
  await bundle(python.path);
  const hash = hashOf(...sources.map((source) => join(root, source)));
  await makeOnce('vsix', hash, vsix, async () => {
    step('Building holdfast.vsix');
    // In a process of its own: esbuild leaves a service behind for the next build.
    await mustRun(process.execPath, [join(root, 'scripts', 'build.mjs')], {
      advice: 'esbuild could not build the extension. It said:',
    });
    rmSync(fresh, { force: true });
    await mustRun(
      process.execPath,
      [join(root, 'node_modules', '@vscode', 'vsce', 'vsce'), ...vsce],
      {
        advice: 'vsce could not package the extension. It said:',
      },
    );
    judge(fresh);
    renameSync(fresh, vsix);
  });
  return vsix;
}

// Renamed when it is whole: nobody may install half a package.
const fresh = join(local, 'holdfast.vsix');

const vsce = [
  ...['package', '--out', fresh],
  // esbuild has put the packages into dist/extension.js already.
  '--no-dependencies',
  // The page that the editor shows: it can show no picture and follow no link of a file in the package.
  ...['--readme-path', join('extension', 'README.md')],
  '--allow-missing-repository',
];

/** Refuses a package that is too big or would work on one system only. */
function judge(path) {
  if (!existsSync(path)) {
    throw new Failure('vsce ended without an error and without a holdfast.vsix.');
  }
  const { size } = statSync(path);
  if (size >= limit) {
    throw new Failure(
      `holdfast.vsix has ${size} bytes, and may have ${limit}. See what came in: unzip -l holdfast.vsix`,
    );
  }
  const foreign = zipEntries(path).find((name) => isCompiled(name));
  if (foreign) {
    throw new Failure(
      `holdfast.vsix holds a compiled file, which suits one system only: ${foreign}`,
    );
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  await main(async () => {
    await buildVsix();
    console.log(`${vsix} (${(statSync(vsix).size / 1e6).toFixed(2)} MB)`);
  });
}

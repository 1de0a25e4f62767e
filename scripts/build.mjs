// Bundles the extension into dist/extension.js. `node scripts/build.mjs [--watch]`

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const options = {
  absWorkingDir: root,
  entryPoints: ['extension/src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  platform: 'node',
  // VS Code 1.95, the oldest that we support, runs extensions on Node 20.
  target: 'node20',
  format: 'cjs',
  // The main file of jsonc-parser requires its parts in a way that esbuild cannot follow; its module does not.
  mainFields: ['module', 'main'],
  external: ['vscode'],
  minify: true,
  sourcemap: true,
  logLevel: 'warning',
};

export async function build() {
  // Imported here, so that this file can be loaded before `npm ci` has run.
  const esbuild = await import('esbuild');
  await esbuild.build(options);
  return resolve(root, options.outfile);
}

export async function watch() {
  const esbuild = await import('esbuild');
  const context = await esbuild.context({ ...options, logLevel: 'info' });
  await context.watch();
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  if (process.argv.includes('--watch')) {
    await watch();
  } else {
    console.log(`Built ${await build()}`);
  }
}

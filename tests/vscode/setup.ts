// Once before all scenarios: VS Code, the package under test, the stubs, and a real sample with its interpreters.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildVsix } from '../../scripts/package.mjs';
import { allPythons } from '../../scripts/python.mjs';
import { makeSample } from '../../scripts/sample.mjs';
import { installVscode } from '../../scripts/vscode/install.mjs';
import { findChromium } from './harness/browser.js';
import { artifacts, root } from './harness/paths.js';
import type { StubName } from './harness/stubs.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** An installed interpreter that carries pip for new environments. */
    python: string;
    /** The sample workspace: `pythons` holds nothing but `base`, which has replaced the one its environment came from. */
    sample: { workspace: string; pythons: string; base: string };
    stubs: Record<StubName, string>;
    /** The package under test: what a user installs, never the source folder. */
    vsix: string;
  }
}

export default async function setup(project: TestProject) {
  if (!findChromium()) {
    throw new Error('No Chromium was found. Install one (Debian: apt-get install chromium).');
  }
  rmSync(artifacts, { recursive: true, force: true });
  mkdirSync(artifacts, { recursive: true });
  await installVscode();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-setup-')));
  // A copy: the original may be built anew while the scenarios run.
  const vsix = join(folder, 'holdfast.vsix');
  copyFileSync(process.env.HOLDFAST_VSIX ?? (await buildVsix()), vsix);
  project.provide('vsix', vsix);
  project.provide('python', await pythonWithPip());
  project.provide('sample', await sample(folder));
  project.provide('stubs', {
    python: await packStub('python', folder),
    environments: await packStub('environments', folder),
  });
  return () => rmSync(folder, { recursive: true, force: true });
}

async function sample(folder: string) {
  const workspace = join(folder, 'sample');
  const pythons = join(folder, 'pythons');
  await makeSample({ folder: workspace, pythons });
  const [base = ''] = readdirSync(pythons);
  return { workspace, pythons, base: join(pythons, base) };
}

async function pythonWithPip(): Promise<string> {
  const found = (await allPythons()).find(({ path }: { path: string }) => carriesPip(path));
  if (!found) {
    throw new Error(
      'No installed Python carries pip for new environments (Debian: apt-get install python3-venv).',
    );
  }
  return found.path;
}

function carriesPip(python: string): boolean {
  try {
    execFileSync(python, ['-I', '-c', 'import ensurepip; ensurepip.version()'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

async function packStub(name: StubName, folder: string): Promise<string> {
  // vsce is CommonJS without types that resolve here.
  const { createVSIX } = createRequire(join(root, 'package.json'))('@vscode/vsce');
  const packagePath = join(folder, `${name}.vsix`);
  await createVSIX({
    cwd: join(root, 'tests', 'vscode', 'stubs', name),
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return packagePath;
}

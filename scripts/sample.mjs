// The sample workspace, with one environment that works, one that an upgrade killed and one that was moved.

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { root, sampleFolder, samplePythons, wheels } from './paths.mjs';
import { pipWheel } from './pip.mjs';
import { findPython } from './python.mjs';
import { mustRun } from './run.mjs';
import { main, step } from './terminal.mjs';

/**
 * Makes the sample unless it is there.
 *
 * @param {{folder?: string, pythons?: string, python?: string, fresh?: boolean}} options `folder` is the workspace,
 *   `pythons` gets the copied interpreter, `python` is copied, `fresh` makes the sample again
 * @returns {Promise<{folder: string, broken: string}>} `broken` is the interpreter that an upgrade killed
 */
export async function makeSample({
  folder = sampleFolder,
  pythons = samplePythons,
  python,
  fresh = false,
} = {}) {
  const platformPython =
    process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const sample = { folder, broken: join(folder, 'upgraded', '.venv', ...platformPython) };
  if (existsSync(folder) && !fresh) {
    return sample;
  }
  const base = python ?? (await findPython()).path;
  await bundle(base);
  step(`Making the sample workspace in ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  try {
    await mustRun(
      base,
      ['-I', join(root, 'scripts', 'sample.py'), folder, pythons, wheels, pipWheel],
      {
        advice: `The sample workspace could not be made with ${base}. It said:`,
      },
    );
  } catch (error) {
    // A half-made sample would be taken for a whole one; what is there may still show what went wrong.
    if (existsSync(folder)) {
      rmSync(`${folder}.failed`, { recursive: true, force: true });
      renameSync(folder, `${folder}.failed`);
    }
    throw error;
  }
  return sample;
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  await main(async (args) => {
    const { folder } = await makeSample({ fresh: args.includes('--fresh') });
    console.log(folder);
  });
}

// The Python tools that tests, checks and benchmarks use, in an environment of their own: .local/python.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { local, root } from './paths.mjs';
import { pip, pipWheel } from './pip.mjs';
import { findPython } from './python.mjs';
import { mustRun } from './run.mjs';
import { hashOf, makeOnce } from './stamp.mjs';
import { step } from './terminal.mjs';

const folder = join(local, 'python');
const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');

/** Makes sure that the tools are installed, and returns the Python that has them. */
export async function pythonTools() {
  const base = await findPython();
  const lock = join(root, 'requirements', 'dev.txt');
  const python = join(bin, process.platform === 'win32' ? 'python.exe' : 'python');
  const made = hashOf(lock, pipWheel, { text: `${base.path} ${base.release}` });
  await makeOnce('python-tools', made, python, async () => {
    step(`Installing the Python tools into .local/python (Python ${base.release}, ${base.path})`);
    rmSync(folder, { recursive: true, force: true });
    // Without pip: Debian keeps ensurepip in a package of its own, which may be missing.
    await mustRun(base.path, ['-I', '-m', 'venv', '--without-pip', folder], {
      advice: `${base.path} could not create .local/python. It said:`,
    });
    await pip(python, ['install', '--quiet', '--require-hashes', '-r', lock]);
  });
  return python;
}

/** The path of a tool that came with the environment, such as `uv`. */
export function pythonTool(name) {
  return join(bin, process.platform === 'win32' ? `${name}.exe` : name);
}

// pip, from the wheel that stands in this repository: a bare Debian Python has neither pip nor ensurepip.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { mustRun } from './run.mjs';
import { Failure } from './terminal.mjs';

export const pipWheel = join(root, 'scripts', 'wheels', 'pip-26.3-py3-none-any.whl');
const sha256 = 'f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13';

/** Runs pip on a Python; what it fails with begins with the advice. */
export async function pip(python, args, { advice } = {}) {
  checkWheel();
  return mustRun(
    python,
    ['-I', join(pipWheel, 'pip'), '--disable-pip-version-check', '--no-input', ...args],
    {
      advice:
        advice ??
        'pip could not install the packages. Check the network (or the proxy settings of pip) and try again. pip said:',
    },
  );
}

function checkWheel() {
  const found = createHash('sha256').update(readFileSync(pipWheel)).digest('hex');
  if (found !== sha256) {
    throw new Failure(
      `${pipWheel} is not the file that it should be (its sha256 is ${found}). Restore it with git checkout.`,
    );
  }
}

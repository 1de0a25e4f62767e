// Holdfast beside the tools that one would pick instead, in one run. `npm run bench [-- --rounds N --environments N]`

import './require-node.mjs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { artifacts, root } from './paths.mjs';
import { allPythons } from './python.mjs';
import { run } from './run.mjs';
import { Failure, main, step } from './terminal.mjs';
import { pythonTools } from './tools.mjs';

await main(async (args) => {
  const base = await pythonWithPip();
  const python = await pythonTools();
  await bundle(base);
  step(
    'Measuring; this takes a few minutes, and is worth most on a machine that does nothing else\n',
  );
  const output = join(artifacts(), 'bench.json');
  const launch = join(root, 'server', 'launch.py');
  const measure = [
    join(root, 'benchmarks', 'measure.py'),
    '--base',
    base,
    '--launch',
    launch,
    '--output',
    output,
  ];
  const child = spawn(python, [...measure, ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
});

/** The newest installed Python from which venv can make an environment with pip. */
async function pythonWithPip() {
  const newestFirst = (await allPythons()).sort((one, other) => other.version[1] - one.version[1]);
  for (const { path } of newestFirst) {
    if ((await run(path, ['-I', '-c', 'import ensurepip; ensurepip.version()'])).code === 0) {
      return path;
    }
  }
  throw new Failure(
    'venv of no installed Python can bring pip (Debian and Ubuntu: apt-get install python3-venv).',
  );
}

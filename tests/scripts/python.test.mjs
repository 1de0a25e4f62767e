import assert from 'node:assert/strict';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allPythons, examine, findPython } from '../../scripts/python.mjs';
import { run } from '../../scripts/run.mjs';
import { executable, temporaryFolder } from './temporary.mjs';

const installed = await findPython();

test('finds a Python that is new enough and installed, not an environment', () => {
  assert.equal(installed.version[0], 3);
  assert.ok(installed.version[1] >= 10, installed.release);
  assert.equal(installed.prefix, installed.basePrefix);
});

test('passes a virtual environment over, also through a link from outside', async (t) => {
  const folder = temporaryFolder(t);
  const environment = join(folder, 'env');
  await run(installed.path, ['-I', '-m', 'venv', '--without-pip', environment]);
  const python = join(environment, 'bin', 'python');
  assert.ok(existsSync(python));
  assert.deepEqual(await examine(python), { reason: 'is a virtual environment' });
  const env = { PATH: join(environment, 'bin'), HOME: folder };
  assert.ok(!(await findPython(env)).path.startsWith(environment));
});

test('does not start a shim', async (t) => {
  const folder = temporaryFolder(t);
  const mark = join(folder, 'started');
  const shim = executable(join(folder, 'shims', 'python3'), `#!/bin/sh\ntouch ${mark}\n`);
  assert.deepEqual(await examine(shim), { reason: 'is a shim of a version manager' });
  await findPython({ PATH: join(folder, 'shims'), HOME: folder });
  assert.ok(!existsSync(mark));
});

test('does not start a shim that is a link to its version manager', async (t) => {
  const folder = temporaryFolder(t);
  const manager = executable(join(folder, 'mise'), '\x7fELF');
  symlinkSync(manager, join(folder, 'python3'));
  assert.deepEqual(await examine(join(folder, 'python3')), {
    reason: 'is a shim of a version manager',
  });
});

test('takes only the Python that HOLDFAST_PYTHON names, and says what is wrong with it', async (t) => {
  const folder = temporaryFolder(t);
  const broken = executable(join(folder, 'python3'), '\x7fELF');
  await assert.rejects(findPython({ ...process.env, HOLDFAST_PYTHON: broken }), (error) => {
    assert.match(error.message, /needs Python 3\.10 or newer/);
    assert.match(error.message, new RegExp(`${broken}: does not start`));
    return true;
  });
});

test('lists each installed CPython once', async () => {
  const pythons = await allPythons();
  const prefixes = pythons.map(({ prefix, release }) => `${prefix} ${release}`);
  assert.equal(new Set(prefixes).size, prefixes.length, prefixes.join('\n'));
  assert.ok(pythons.length > 0);
});

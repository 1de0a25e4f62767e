import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/paths.mjs';
import { allPythons } from '../../scripts/python.mjs';
import { run } from '../../scripts/run.mjs';
import { makeSample } from '../../scripts/sample.mjs';
import { temporaryFolder } from './temporary.mjs';

// The one that `npm start` takes, the oldest and the newest: between them are Debian's layout and the usual one.
const all = await allPythons();
const byAge = [...all].sort((one, other) => one.version[1] - other.version[1]);
const chosen = new Set([all[0], byAge[0], byAge.at(-1)]);

for (const { path: python, release } of chosen) {
  test(`makes three environments from Python ${release} (${python})`, async (t) => {
    const temporary = temporaryFolder(t);
    const pythons = join(temporary, 'pythons');
    const { folder, broken } = await makeSample({
      folder: join(temporary, 'sample'),
      pythons,
      python,
    });

    const works = async (project) =>
      run(join(folder, project, '.venv', 'bin', 'python'), ['-I', 'main.py'], {
        cwd: join(folder, project),
      });
    assert.equal((await works('healthy')).output, 'healthy works: True\n');
    assert.equal((await works('moved')).output, 'moved works: True\n');
    assert.match(
      readFileSync(join(folder, 'moved', '.venv', 'bin', 'activate'), 'utf8'),
      /before-the-move/,
    );

    await t.test('of which the upgraded one is dead, and its package is whole', async () => {
      assert.ok(lstatSync(broken).isSymbolicLink());
      assert.ok(!existsSync(broken));
      const [, home] = /^home = (.*)$/m.exec(
        readFileSync(join(folder, 'upgraded', '.venv', 'pyvenv.cfg'), 'utf8'),
      );
      assert.ok(!existsSync(home), home);
      assert.deepEqual(readdirSync(pythons), [release]);

      const chain = join(broken, '..', `python${release.split('.').slice(0, 2).join('.')}`);
      rmSync(chain);
      symlinkSync(join(pythons, release, 'bin', 'python3'), chain);
      assert.equal((await works('upgraded')).output, 'upgraded works: True\n');
      const pip = await run(broken, ['-I', '-m', 'pip', '--version']);
      assert.equal(pip.code, 0, pip.output);
    });
  });
}

test('has nothing wrong but what it shows, whatever is wrong in the project around it', async (t) => {
  const around = temporaryFolder(t);
  mkdirSync(join(around, '.git'));
  mkdirSync(join(around, '.vscode'));
  const settings = { 'python.defaultInterpreterPath': join(around, 'gone', 'python') };
  writeFileSync(join(around, '.vscode', 'settings.json'), JSON.stringify(settings));
  const { folder } = await makeSample({
    folder: join(around, 'sample'),
    pythons: join(around, 'pythons'),
  });

  const command = ['-I', join(root, 'server', 'launch.py'), 'check', folder, '--format', 'json'];
  const { problems } = JSON.parse((await run(all[0].path, command)).output);
  assert.deepEqual(problems.map(({ rule }) => rule).sort(), [
    'environment-moved',
    'interpreter-dangling',
  ]);
});

test('leaves a sample alone that is there', async (t) => {
  const folder = temporaryFolder(t);
  await makeSample({ folder, pythons: join(folder, 'pythons') });
  assert.deepEqual(readdirSync(folder), []);
});

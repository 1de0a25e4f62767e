import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDanglingEnvironment } from './harness/environments.js';
import { notifications } from './harness/notifications.js';
import { problemAppears, problemRows } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { runCommand, screenshot } from './harness/window.js';
import { temporaryFolder } from './harness/workspace.js';

const vscode = useVscode();

test('beside files that only look like an environment, the broken environment is still reported', async () => {
  const workspace = temporaryFolder();
  const config = (name: string) => {
    mkdirSync(join(workspace, name, 'bin'), { recursive: true });
    return join(workspace, name, 'pyvenv.cfg');
  };
  writeFileSync(config('binary'), Buffer.from([0, 255, 254, 128, 10, 0, 1]));
  writeFileSync(config('huge'), Buffer.alloc(50 * 1024 * 1024, 'home = /nowhere\n'));
  mkdirSync(config('folder'));
  execFileSync('mkfifo', [config('fifo')]);
  symlinkSync('pyvenv.cfg', config('loop'));
  mkdirSync(join(workspace, 'circle'));
  symlinkSync('..', join(workspace, 'circle', 'again'));
  writeDanglingEnvironment(join(workspace, 'project', '.venv'));
  const page = await vscode.open(workspace, { height: 1600 }); // only rows that are seen are there

  await problemAppears(page, 'interpreter-dangling');
  expect(
    (await problemRows(page)).filter((row) => row.includes('interpreter-dangling')),
  ).toHaveLength(1);
  await screenshot(page, 'bad-input');

  // It still answers, and the second look finds the same.
  writeDanglingEnvironment(join(workspace, 'later', '.venv'));
  await runCommand(page, 'Holdfast: Check Environments');
  await problemAppears(page, 'later');
  expect((await notifications(page)).join()).not.toMatch(/Traceback|Error/);
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDanglingEnvironment } from './harness/environments.js';
import { helpers } from './harness/helper.js';
import {
  notificationAppears,
  notificationButtons,
  notifications,
  press,
} from './harness/notifications.js';
import { problemAppears } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { sleep, until } from './harness/waiting.js';
import { screenshot } from './harness/window.js';
import { temporaryFolder } from './harness/workspace.js';

const vscode = useVscode();

test('a helper that is killed comes back and goes on looking', async () => {
  const workspace = temporaryFolder();
  writeDanglingEnvironment(join(workspace, 'one', '.venv'));
  const page = await vscode.open(workspace);
  await problemAppears(page, 'interpreter-dangling');

  const killed = await killHelper();
  await until('another helper runs', () => helpers(vscode.server).some((pid) => pid !== killed));

  await problemAppears(page, 'interpreter-dangling');
  writeDanglingEnvironment(join(workspace, 'other', '.venv'));
  await problemAppears(page, 'other');
  expect(await notifications(page)).toEqual([]);
});

test('a helper that is killed again and again is given up with one message, and Restart Helper brings it back', async () => {
  const workspace = temporaryFolder();
  writeDanglingEnvironment(join(workspace, '.venv'));
  const page = await vscode.open(workspace);
  await problemAppears(page, 'interpreter-dangling');

  const end = Date.now() + 60_000;
  while ((await notifications(page)).length === 0 && Date.now() < end) {
    for (const pid of helpers(vscode.server)) {
      process.kill(pid, 'SIGKILL');
    }
    await sleep(100);
  }

  const message = await notificationAppears(page, /helper/i);
  expect(await notifications(page)).toHaveLength(1);
  expect(await notificationButtons(message)).toContain('Restart Helper');
  await screenshot(page, 'helper-given-up');
  expect(helpers(vscode.server)).toEqual([]);

  await press(message, 'Restart Helper');
  await until('a helper runs', () => helpers(vscode.server).length === 1);
  await problemAppears(page, 'interpreter-dangling');
  writeDanglingEnvironment(join(workspace, 'other', '.venv'));
  await problemAppears(page, 'other');
}, 90_000);

async function killHelper(): Promise<number> {
  const pid = await until('a helper runs', () => helpers(vscode.server)[0]);
  process.kill(pid, 'SIGKILL');
  return pid;
}

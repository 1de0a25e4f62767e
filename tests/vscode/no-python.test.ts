import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { writeDanglingEnvironment } from './harness/environments.js';
import { inNamespace, mayUnshare } from './harness/namespace.js';
import {
  notificationAppears,
  notificationButtons,
  notifications,
} from './harness/notifications.js';
import { useVscode } from './harness/session.js';
import { languageStatus } from './harness/status.js';
import { openFile, screenshot } from './harness/window.js';
import { temporaryFolder } from './harness/workspace.js';

describe('when the setting names something that is no Python', () => {
  const vscode = useVscode(() => ({ settings: { 'holdfast.interpreter': '/etc/passwd' } }));

  test('one message says what is wrong and what to do', async () => {
    const page = await vscode.open(workspaceWithEnvironment());

    const message = await theMessage(page);

    expect(message).toContain('holdfast.interpreter');
    expect(message).toContain('/etc/passwd');
    await screenshot(page, 'unusable-interpreter');
    expect(await status(page)).toMatch(/python/i);
  });
});

// A mount namespace hides every Python of this machine from one VS Code; it takes root and Linux.
describe.skipIf(!mayUnshare())(
  'when the machine has no Python at all (which only root can pretend)',
  () => {
    const vscode = useVscode(() => ({
      environment: { PATH: '/usr/bin:/bin' },
      wrap: inNamespace(hidePythons()),
    }));

    test('one message says what is needed and how to get it', async () => {
      const page = await vscode.open(workspaceWithEnvironment());

      const message = await theMessage(page);

      expect(message).toMatch(/Python 3\.10 or newer/);
      await screenshot(page, 'no-python');
      expect(await status(page)).toMatch(/python/i);
    });
  },
);

async function theMessage(page: Page): Promise<string> {
  const notification = await notificationAppears(page, 'Python');
  const buttons = await notificationButtons(notification);
  expect(buttons).toHaveLength(2);
  const shown = await notifications(page);
  expect(shown).toHaveLength(1);
  const [message = ''] = shown;
  expect(message).not.toMatch(/\n\s+at |Traceback|Error:/);
  return message;
}

async function status(page: Page): Promise<string> {
  await openFile(page, '.venv/pyvenv.cfg');
  return (await languageStatus(page)).join('\n');
}

function workspaceWithEnvironment(): string {
  const workspace = temporaryFolder();
  writeDanglingEnvironment(join(workspace, '.venv'));
  return workspace;
}

function hidePythons(): string {
  const folders = ['/usr/bin', '/usr/local/bin'];
  for (const folder of ['/opt', '/opt/python'].filter((path) => existsSync(path))) {
    folders.push(...readdirSync(folder).map((name) => join(folder, name, 'bin')));
  }
  const hidden = folders.flatMap(pythonsIn);
  return hidden.map((path) => `mount --bind /dev/null '${path}'`).join('\n');
}

function pythonsIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && /^(python|pypy)[\d.]*$/.test(entry.name))
        .map(({ name }) => join(folder, name))
    : [];
}

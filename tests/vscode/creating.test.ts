import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { listing, runPython } from './harness/environments.js';
import { helpers } from './harness/helper.js';
import { notificationAppears, notifications, press } from './harness/notifications.js';
import { enter, openedQuickInput, pick, quickInputValue } from './harness/quick-input.js';
import { useVscode } from './harness/session.js';
import { prepareStub } from './harness/stubs.js';
import { until } from './harness/waiting.js';
import { runCommand, screenshot } from './harness/window.js';
import { temporaryFolder, writeSettings } from './harness/workspace.js';

const python = inject('python');
// In front, so that it is offered wherever it is installed.
const PATH = `${dirname(python)}:${process.env.PATH}`;

describe('without a Python extension', () => {
  const vscode = useVscode(() => ({ environment: { PATH } }));

  test('Create venv makes an environment that works and selects it in the settings file', async () => {
    const workspace = temporaryFolder();
    const settings = writeSettings(
      workspace,
      '{\n  // Ours, by agreement.\n  "editor.rulers": [100], // not 80\n}\n',
    );
    const page = await vscode.open(workspace);

    await create(page, '.venv');
    await until('the environment is there', () => existsSync(join(workspace, '.venv')));
    await until('the choice is written', () =>
      readFileSync(settings, 'utf8').includes('python.defaultInterpreterPath'),
    );
    await screenshot(page, 'created');

    expect(runPython(join(workspace, '.venv'), '-m', 'pip', '--version')).toMatch(
      `from ${workspace}/.venv/`,
    );
    const text = readFileSync(settings, 'utf8');
    // The value is the same for everybody who opens the folder, so it may be committed.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code replaces it
    const value = '${workspaceFolder}/.venv/bin/python';
    expect(text).toContain(`"python.defaultInterpreterPath": "${value}"`);
    expect(text).toContain('// Ours, by agreement.');
    expect(text).toContain('"editor.rulers": [100], // not 80');
    await until('the notification has gone', async () => (await notifications(page)).length === 0);
  });

  test('Cancel on the notification ends the work in its middle and leaves nothing behind', async () => {
    const workspace = temporaryFolder();
    const page = await vscode.open(workspace);
    const helper = await until('a helper runs', () => helpers(vscode.server)[0]);
    const before = listing(workspace);
    // Nobody is fast enough for the real thing: at the first file the helper is held until Cancel has been pressed.
    const begun = held(helper, workspace);

    await create(page, '.venv');
    const progress = await notificationAppears(page, 'Creating .venv');
    await begun;
    expect(listing(workspace)).not.toEqual(before);
    await screenshot(page, 'creating');
    await press(progress, 'Cancel');
    process.kill(helper, 'SIGCONT');

    await until('the notification has gone', async () => (await notifications(page)).length === 0);
    await until('nothing is left', () => listing(workspace).length === before.length, {
      last: () => listing(workspace),
    });
    expect(helpers(vscode.server)).toEqual([helper]);
  });
});

describe('with the Python extension', () => {
  const stub = prepareStub('python');
  const vscode = useVscode(() => ({
    extensions: [stub.extension],
    environment: { ...stub.environment, PATH },
  }));

  test('Create venv takes another name, selects through the API and writes no settings', async () => {
    const workspace = temporaryFolder();
    const page = await vscode.open(workspace);

    await create(page, 'env-3');

    const [call] = await until('the environment is selected', () => {
      const calls = stub.calls('updateActiveEnvironmentPath');
      return calls.length > 0 && calls;
    });
    expect(call).toMatchObject({ folder: workspace, path: join(workspace, 'env-3/bin/python') });
    expect(runPython(join(workspace, 'env-3'), '-c', 'import sys; print(sys.prefix)')).toBe(
      join(workspace, 'env-3'),
    );
    expect(readdirSync(workspace)).toEqual(['env-3']);
  });
});

async function create(page: Page, name: string): Promise<void> {
  await runCommand(page, 'Holdfast: Create venv');
  await openedQuickInput(page);
  await pick(page, python);
  await until('the name is asked for', async () => (await quickInputValue(page)) === '.venv');
  await enter(page, name);
}

function held(pid: number, folder: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      process.kill(pid, 'SIGSTOP');
      watcher.close();
      resolve();
    });
  });
}

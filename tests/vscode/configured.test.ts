import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { selectedLength } from './harness/editor.js';
import { makeEnvironment } from './harness/environments.js';
import { problemAppears, problemRows, problemsVanish } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { until } from './harness/waiting.js';
import { openFile, screenshot } from './harness/window.js';
import { temporaryFolder, writeSettings } from './harness/workspace.js';

// What configuration files say of interpreters stands in these files, also where no environment is.

const vscode = useVscode(() => ({ settings: { 'files.autoSave': 'off' } }));
// In parts: VS Code expands it, not TypeScript.
const folder = '$' + '{workspaceFolder}';
const value = `${folder}/.venv/bin/python`;

test('a setting that names a missing interpreter is an error on its value until there is one', async () => {
  const workspace = temporaryFolder();
  writeSettings(
    workspace,
    `{\n  // for everybody\n  "python.defaultInterpreterPath": "${value}",\n}\n`,
  );
  const page = await vscode.open(workspace);

  const row = await problemAppears(page, 'setting-interpreter-missing');
  expect(await problemRows(page)).toEqual([
    expect.stringContaining('settings.json'),
    expect.stringContaining('.venv'),
  ]);
  await row.click();
  await page.locator('.tab.active', { hasText: 'settings.json' }).waitFor();
  await until(
    'the value is selected',
    async () => [value.length, value.length + 2].includes(await selectedLength(page)),
    { last: () => selectedLength(page) },
  );
  await screenshot(page, 'setting-interpreter-missing');

  makeEnvironment(inject('python'), join(workspace, '.venv'));
  await problemsVanish(page);
});

test('a path of launch.json that leads nowhere is told, and no more once it is mended in the editor', async () => {
  const workspace = temporaryFolder();
  makeEnvironment(inject('python'), join(workspace, '.venv'));
  const launch = (python: string) =>
    JSON.stringify({
      version: '0.2.0',
      configurations: [{ name: 'app', type: 'debugpy', request: 'launch', python }],
    });
  mkdirSync(join(workspace, '.vscode'));
  writeFileSync(join(workspace, '.vscode', 'launch.json'), launch(`${folder}/.venv/bin/pyhton`));
  const page = await vscode.open(workspace);
  await problemAppears(page, 'tool-path-missing');

  await openFile(page, '.vscode/launch.json');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(launch(value));
  await page.keyboard.press('Control+S');
  // VS Code has complaints of its own there: nobody brings a debugger.
  await problemsVanish(page, 'tool-path-missing');
});

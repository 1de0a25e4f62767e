import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { makeEnvironment, runPython, writeUpgradedEnvironment } from './harness/environments.js';
import { problemAppears, problemsVanish } from './harness/problems.js';
import { pick, quickPickRows } from './harness/quick-input.js';
import { useVscode } from './harness/session.js';
import { until } from './harness/waiting.js';
import { runCommand, screenshot } from './harness/window.js';
import { temporaryFolder } from './harness/workspace.js';

const vscode = useVscode();
const { base } = inject('sample');

test('Select Interpreter lists environments, broken ones with the reason, and interpreters', async () => {
  const workspace = temporaryFolder();
  writeUpgradedEnvironment(join(workspace, '.venv'), base);
  makeEnvironment(inject('python'), join(workspace, 'other'));
  const page = await vscode.open(workspace);
  await problemAppears(page, 'interpreter-dangling');

  await runCommand(page, 'Holdfast: Select Interpreter');

  const rows = await until('the list is filled', async () => {
    const found = await quickPickRows(page);
    return found.length >= 3 && found;
  });
  await screenshot(page, 'select-interpreter');
  expect(rows[0]).toMatch(/\.venv.*broken.*no longer exists/);
  expect(rows[1]).toMatch(/other.*Python 3\.\d+/);
  expect(rows.slice(2).join()).toContain('/bin/python3');
});

test('Repair shows the steps, does them, and the environment works', async () => {
  const workspace = temporaryFolder();
  const environment = writeUpgradedEnvironment(join(workspace, '.venv'), base);
  const page = await vscode.open(workspace);
  await problemAppears(page, 'interpreter-dangling');

  await runCommand(page, 'Holdfast: Repair');

  await until('the plan is shown', async () =>
    (await quickPickRows(page)).some((row) => row.includes('Link to Python')),
  );
  await screenshot(page, 'repair-plan');
  await pick(page, 'Link to Python');
  await problemsVanish(page);
  expect(runPython(environment, '-c', 'print(1)')).toBe('1');
});

test('Show Log opens the output with what was done', async () => {
  const page = await vscode.open(temporaryFolder());

  const output = page.locator('.output-view-container, .panel .monaco-editor').first();
  await until(
    'the log tells which Python runs the helper',
    async () => {
      // A window that is still being put together may open its Problems over the output.
      if (!(await output.isVisible())) {
        await runCommand(page, 'Holdfast: Show Log');
      }
      const text = await output.innerText({ timeout: 1000 });
      return text.replaceAll('\u00a0', ' ').includes('The helper runs');
    },
    { timeout: 40_000 },
  );
});

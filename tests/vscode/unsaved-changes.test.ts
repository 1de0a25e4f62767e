import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { focusEditor, typeAtStart } from './harness/editor.js';
import { writeUpgradedEnvironment } from './harness/environments.js';
import { takeInProblems } from './harness/fixes.js';
import { notificationAppears, notifications } from './harness/notifications.js';
import { problemAppears } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { until } from './harness/waiting.js';
import { openFile, screenshot } from './harness/window.js';
import { temporaryFolder } from './harness/workspace.js';

// In a browser VS Code saves by itself, if it is not told to leave that.
const vscode = useVscode(() => ({ settings: { 'files.autoSave': 'off' } }));
const { base } = inject('sample');

test('a fix waits while pyvenv.cfg has unsaved changes, and says so', async () => {
  const workspace = temporaryFolder();
  writeUpgradedEnvironment(join(workspace, '.venv'), base);
  const config = join(workspace, '.venv', 'pyvenv.cfg');
  const text = readFileSync(config, 'utf8');
  const page = await vscode.open(workspace);
  const row = await problemAppears(page, 'interpreter-dangling');
  await openFile(page, '.venv/pyvenv.cfg');
  await typeAtStart(page, '# mine\n');

  await takeInProblems(page, row, /Link to Python/);

  await notificationAppears(page, /unsaved changes/);
  await screenshot(page, 'unsaved-changes');
  expect(await notifications(page)).toHaveLength(1);
  expect(readFileSync(config, 'utf8')).toBe(text);

  await focusEditor(page);
  await page.keyboard.press('Control+S');
  await until('it is saved', () => readFileSync(config, 'utf8').startsWith('# mine'));
  // Saving is looked at too, and what is listed anew takes an open menu away, sometimes under the mouse.
  await until('the environment is mended', async () => {
    await takeInProblems(page, row, /Link to Python/);
    await row.waitFor({ state: 'detached', timeout: 4000 });
    return true;
  });
  expect(readFileSync(config, 'utf8')).toMatch(/^# mine\n/);
});

import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { focusEditor } from './harness/editor.js';
import { runPython, writeUpgradedEnvironment } from './harness/environments.js';
import { noFixInEditor, takeInProblems } from './harness/fixes.js';
import { problemAppears, problemsVanish } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { openFile, runCommand, screenshot } from './harness/window.js';
import { temporaryFolder } from './harness/workspace.js';

const vscode = useVscode(() => ({
  trust: true,
  settings: { 'security.workspace.trust.startupPrompt': 'never' },
}));

const { base } = inject('sample');

test('in a workspace that is not trusted problems are shown and nothing is changed until it is', async () => {
  const workspace = temporaryFolder();
  const environment = writeUpgradedEnvironment(join(workspace, '.venv'), base);
  const link = readlinkSync(join(environment, 'bin', 'python3'));
  const page = await vscode.open(workspace);

  const row = await problemAppears(page, 'interpreter-dangling');
  await row.click();
  await focusEditor(page);
  await noFixInEditor(page);
  await screenshot(page, 'untrusted');
  expect(await row.locator('.codicon-lightbulb').count()).toBe(0);
  expect(readlinkSync(join(environment, 'bin', 'python3'))).toBe(link);

  await runCommand(page, 'Workspaces: Manage Workspace Trust');
  await page.getByRole('button', { name: 'Trust', exact: true }).click();
  await openFile(page, '.venv/pyvenv.cfg');
  await takeInProblems(page, row, /Link to Python/);
  await problemsVanish(page);
  expect(runPython(environment, '-c', 'print(1)')).toBe('1');
});

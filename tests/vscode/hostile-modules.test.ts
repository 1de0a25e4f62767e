import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDanglingEnvironment } from './harness/environments.js';
import { problemAppears } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { runCommand } from './harness/window.js';
import { temporaryFolder } from './harness/workspace.js';

const vscode = useVscode();

test('modules of the workspace with the names of our libraries do not run', async () => {
  const workspace = temporaryFolder();
  writeDanglingEnvironment(join(workspace, '.venv'));
  const names = [
    'attrs',
    'attr',
    'typing_extensions',
    'pygls',
    'lsprotocol',
    'packaging',
    'holdfast',
    'sitecustomize',
  ];
  for (const name of names) {
    const marker = join(workspace, `${name}.ran`);
    writeFileSync(join(workspace, `${name}.py`), `open(${JSON.stringify(marker)}, 'w')\n`);
  }
  const page = await vscode.open(workspace);

  const row = await problemAppears(page, 'interpreter-dangling');
  await runCommand(page, 'Holdfast: Check Environments');
  await problemAppears(page, 'interpreter-dangling');
  await row.click();
  await runCommand(page, 'Holdfast: Restart Helper');
  await problemAppears(page, 'interpreter-dangling');

  expect(names.filter((name) => existsSync(join(workspace, `${name}.ran`)))).toEqual([]);
});

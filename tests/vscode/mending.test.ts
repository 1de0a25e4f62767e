import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, inject, test } from 'vitest';
import { focusEditor, selectedLength } from './harness/editor.js';
import { runPython } from './harness/environments.js';
import { fixInEditor, fixInProblems, take } from './harness/fixes.js';
import { problemAppears, problemRows, problemsVanish } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { until } from './harness/waiting.js';
import { screenshot } from './harness/window.js';

const vscode = useVscode();

const { workspace, pythons, base } = inject('sample');
const environment = join(workspace, 'upgraded', '.venv');
const config = join(environment, 'pyvenv.cfg');

// The other files need it where it was.
afterAll(() => renameSync(join(pythons, ...readdirSync(pythons)), base));

test('an environment that an upgrade killed stands in Problems and Ctrl+. in the editor mends it', async () => {
  expect(() => runPython(environment, '-c', '')).toThrow();
  const page = await vscode.open(workspace);

  const row = await problemAppears(page, 'interpreter-dangling');
  expect(await problemRows(page)).toEqual([
    expect.stringContaining('upgraded/.venv'),
    expect.stringContaining('Holdfast interpreter-dangling'),
    expect.stringContaining('moved/.venv'),
    expect.stringContaining('Holdfast environment-moved'),
  ]);
  await screenshot(page, 'broken-environment');

  await row.click();
  await opensHomeOf(page, config);

  await focusEditor(page);
  const fix = await fixInEditor(page, /Link to Python/);
  await screenshot(page, 'fix-in-editor');
  await take(fix);

  await problemsVanish(page, 'interpreter-dangling');
  await screenshot(page, 'mended');
  worksAgain();
});

test('broken once more, Ctrl+. on the row in Problems mends it', async () => {
  upgradeAgain();
  expect(() => runPython(environment, '-c', '')).toThrow();
  const page = await vscode.open(workspace);

  const row = await problemAppears(page, 'interpreter-dangling');
  const fix = await fixInProblems(page, row, /Link to Python/);
  await screenshot(page, 'fix-in-problems');
  await take(fix);

  await problemsVanish(page, 'interpreter-dangling');
  worksAgain();
});

test('the name of the rule opens its page as a preview', async () => {
  upgradeAgain();
  const page = await vscode.open(workspace);

  const row = await problemAppears(page, 'interpreter-dangling');
  await row.locator('a', { hasText: 'interpreter-dangling' }).click();

  await page.locator('.tab.active', { hasText: 'Preview' }).waitFor();
  const text = await previewText(page);
  expect(text).toMatch(/^interpreter-dangling/);
  await screenshot(page, 'rule-page');
});

// Another patch release takes the place of the one that is installed.
function upgradeAgain(): void {
  const [installed = ''] = readdirSync(pythons);
  const [major, minor, patch] = installed.split('.').map((part) => Number.parseInt(part, 10));
  renameSync(join(pythons, installed), join(pythons, `${major}.${minor}.${Number(patch) + 1}`));
}

function worksAgain(): void {
  expect(runPython(environment, '-c', 'import packaging; print(packaging.__file__)')).toContain(
    environment,
  );
  expect(runPython(environment, '-c', 'import sys; print(sys.prefix)')).toBe(environment);
  const home = homeOf(config);
  expect(dirname(home)).toBe(join(pythons, ...readdirSync(pythons)));
}

function homeOf(file: string): string {
  return /^home = (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
}

// The value is selected, from its first to its last letter.
async function opensHomeOf(page: Page, file: string): Promise<void> {
  await page.locator('.tab.active', { hasText: 'pyvenv.cfg' }).waitFor();
  const home = homeOf(file);
  await until(
    'the value of home is selected',
    async () => (await selectedLength(page)) === home.length,
    { last: () => selectedLength(page) },
  );
}

async function previewText(page: Page): Promise<string> {
  return until('the preview shows text', async () => {
    for (const frame of page.frames()) {
      const body = frame.locator('.markdown-body, body.vscode-body');
      if ((await body.count()) > 0) {
        return (await body.first().innerText()).trim();
      }
    }
    return '';
  });
}

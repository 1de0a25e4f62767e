// HOLDFAST_PICTURES=1 npx vitest run --config tests/vscode/vitest.config.mts picture
// takes the picture of the README anew.

import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { writeEnvironment } from './harness/environments.js';
import { fixInProblems } from './harness/fixes.js';
import { inNamespace, mayUnshare } from './harness/namespace.js';
import { artifact, root } from './harness/paths.js';
import { problemAppears } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { runCommand, screenshot } from './harness/window.js';

// A home that a reader recognises, instead of a temporary folder; only this one VS Code sees it.
const staged = mkdtempSync(join(tmpdir(), 'holdfast-picture-'));
const pretty = mayUnshare() && !root.startsWith('/home');
const home = pretty ? '/home/ada' : join(staged, 'ada');
const workspace = join(home, 'projects', 'weather');

const vscode = useVscode(() => {
  stage();
  return {
    environment: { HOME: home, PATH: '/usr/bin:/bin' },
    settings: {
      'breadcrumbs.enabled': false,
      'editor.fontSize': 13,
      'editor.minimap.enabled': false,
      'explorer.compactFolders': false,
      'files.exclude': { '**/bin': true, '**/lib': true },
      'outline.problems.enabled': false,
      'window.commandCenter': false,
      'workbench.activityBar.location': 'hidden',
      'workbench.layoutControl.enabled': false,
    },
    ...(pretty
      ? { wrap: inNamespace(`mount -t tmpfs tmpfs /home\ncp -a '${staged}/ada' ${home}`) }
      : {}),
  };
});
afterAll(() => rmSync(staged, { recursive: true, force: true }));

test('the picture of the README shows a problem and its fix', async () => {
  const page = await vscode.open(workspace, { width: 1080, height: 500, scale: 2 });

  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  const row = await problemAppears(page, 'interpreter-dangling');
  await row.click();
  await page.locator('.tab.active', { hasText: 'pyvenv.cfg' }).waitFor();
  const fix = await fixInProblems(page, row, /Link to Python/);
  await fix.hover();
  expect(await fix.isVisible()).toBe(true);

  await screenshot(page, 'problem-and-fix');
  if (process.env.HOLDFAST_PICTURES) {
    const target = join(root, 'docs', 'pictures', 'problem-and-fix.png');
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(artifact('problem-and-fix.png'), target);
  }
});

// A project whose Python was upgraded from one patch release to the next.
function stage(): void {
  const { base } = inject('sample');
  const [major, minor, patch] = basename(base)
    .split('.')
    .map((part) => Number.parseInt(part, 10));
  const old = `${major}.${minor}.${Math.max(Number(patch) - 1, 0)}`;
  const versions = join('.pyenv', 'versions');
  cpSync(base, join(staged, 'ada', versions, basename(base)), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const project = join(staged, 'ada', 'projects', 'weather');
  writeEnvironment(join(project, '.venv'), join(home, versions, old, 'bin'), old);
  writeFileSync(join(project, 'forecast.py'), 'import httpx\n');
  writeFileSync(join(project, 'README.md'), '# Weather\n');
}

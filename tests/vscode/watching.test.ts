import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { makeEnvironment, runPython, writeDanglingEnvironment } from './harness/environments.js';
import { problemAppears, problemsVanish } from './harness/problems.js';
import { useVscode } from './harness/session.js';
import { statusBar } from './harness/status.js';
import { until } from './harness/waiting.js';
import { leaveAndComeBack, runCommand } from './harness/window.js';
import { temporaryFolder, writeSettings } from './harness/workspace.js';

// But for the last test no window gets or loses the focus: what is seen was seen by watching.

const vscode = useVscode();

test('.venv renamed away takes its problem along', async () => {
  const workspace = temporaryFolder();
  const elsewhere = temporaryFolder();
  writeDanglingEnvironment(join(workspace, '.venv'));
  const page = await vscode.open(workspace);
  await problemAppears(page, 'interpreter-dangling');

  renameSync(join(workspace, '.venv'), join(elsewhere, '.venv'));
  await problemsVanish(page);

  renameSync(join(elsewhere, '.venv'), join(workspace, '.venv'));
  await problemAppears(page, 'interpreter-dangling');
});

test('a project that is moved in brings its problem along', async () => {
  const workspace = temporaryFolder();
  const elsewhere = temporaryFolder();
  writeDanglingEnvironment(join(elsewhere, 'project', '.venv'));
  const page = await openWithoutProblems(workspace, 'There are no environments');

  renameSync(join(elsewhere, 'project'), join(workspace, 'project'));
  await problemAppears(page, 'interpreter-dangling');
});

describe.each([
  ['files.watcherExclude', { 'files.watcherExclude': { '**/.venv': true } }],
  // With the slash at its end this pattern silences every watcher on `.venv`.
  ['files.watcherExclude, all that is in it', { 'files.watcherExclude': { '**/.venv/**': true } }],
  ['files.exclude', { 'files.exclude': { '**/.venv': true } }],
])('.venv in %s', (_name, settings) => {
  test('is watched all the same', async () => {
    const workspace = temporaryFolder();
    writeSettings(workspace, JSON.stringify(settings));
    const environment = makeEnvironment(inject('python'), join(workspace, '.venv'));
    const page = await openWithoutProblems(workspace);

    breakLink(environment);
    await problemAppears(page, 'interpreter-dangling');

    mendLink(environment, inject('python'));
    await problemsVanish(page);
  });
});

test('.venv that leads to a folder outside is watched there', async () => {
  const workspace = temporaryFolder();
  const environment = makeEnvironment(inject('python'), join(temporaryFolder(), 'real'));
  symlinkSync(environment, join(workspace, '.venv'));
  const page = await openWithoutProblems(workspace);

  breakLink(environment);
  await problemAppears(page, 'interpreter-dangling');

  mendLink(environment, inject('python'));
  await problemsVanish(page);
});

describe('a base interpreter outside the workspace', () => {
  const { base } = inject('sample');
  beforeAll(() => expect(base).not.toBe(''));

  test('that is removed and brought back is seen both times', async () => {
    const workspace = temporaryFolder();
    const pythons = temporaryFolder();
    const installed = join(pythons, basename(base));
    execFileSync('cp', ['-a', base, installed]);
    const environment = makeEnvironment(
      join(installed, 'bin', 'python3'),
      join(workspace, '.venv'),
    );
    const page = await openWithoutProblems(workspace);

    renameSync(installed, join(pythons, 'gone'));
    await problemAppears(page, 'interpreter-dangling');

    renameSync(join(pythons, 'gone'), installed);
    await problemsVanish(page);
    expect(runPython(environment, '-c', 'print(1)')).toBe('1');
  });
});

test('a look on focus finds what VS Code keeps silent about', async () => {
  const workspace = temporaryFolder();
  const elsewhere = temporaryFolder();
  // No event comes out of this folder, and of an environment that nobody knows yet nothing can be watched.
  writeSettings(workspace, JSON.stringify({ 'files.watcherExclude': { '**/quiet/**': true } }));
  mkdirSync(join(workspace, 'quiet'));
  writeDanglingEnvironment(join(elsewhere, '.venv'));
  const page = await openWithoutProblems(workspace, 'There are no environments');

  renameSync(join(elsewhere, '.venv'), join(workspace, 'quiet', '.venv'));
  await leaveAndComeBack(page);
  await problemAppears(page, 'interpreter-dangling');
});

// The first look is over when the answer to a check is there: what is seen later was watched.
async function openWithoutProblems(
  workspace: string,
  news = 'The environment is healthy',
): Promise<Page> {
  const page = await vscode.open(workspace);
  await runCommand(page, 'Holdfast: Check Environments');
  await until(`the status bar says “${news}”`, async () =>
    (await statusBar(page)).some((text) => text.includes(news)),
  );
  await problemsVanish(page);
  return page;
}

const links = ['python', 'python3'];

function breakLink(environment: string): void {
  relink(environment, join(environment, '..', 'no-such-base', 'bin', 'python3'));
}

function mendLink(environment: string, python: string): void {
  relink(environment, realpathSync(python));
}

function relink(environment: string, target: string): void {
  mkdirSync(join(environment, 'bin'), { recursive: true });
  for (const name of links) {
    rmSync(join(environment, 'bin', name), { force: true });
    symlinkSync(target, join(environment, 'bin', name));
  }
}

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { listing, makeEnvironment } from './harness/environments.js';
import { logSays } from './harness/log.js';
import { useVscode } from './harness/session.js';
import { prepareStub } from './harness/stubs.js';
import { until } from './harness/waiting.js';
import { runCommand } from './harness/window.js';
import { temporaryFolder, writeSettings, writeWorkspace } from './harness/workspace.js';

const python = inject('python');

// What was decided stands in the log; so that nothing was selected is not just a matter of not having waited.

describe.each([
  ['python', 'updateActiveEnvironmentPath'],
  ['environments', 'setEnvironment'],
] as const)('with the stub of the %s extension', (name, call) => {
  const stub = prepareStub(name);
  const vscode = useVscode(() => ({ extensions: [stub.extension], environment: stub.environment }));
  const selected = (folder: string) => stub.calls(call).filter((made) => made.folder === folder);

  test('a folder gets its own environment selected, once', async () => {
    const workspace = temporaryFolder();
    const environment = makeEnvironment(python, join(workspace, '.venv'));
    const page = await vscode.open(workspace);

    await logSays(vscode.server, basename(workspace), ': selected');
    await runCommand(page, 'Holdfast: Check Environments');
    await runCommand(page, 'Holdfast: Restart Helper');
    await logSays(vscode.server, basename(workspace), 'was selected before');

    const paths = selected(workspace).map(({ path }) => path);
    expect(paths).toEqual([join(environment, 'bin', 'python')]);
    expect(stub.calls('registerEnvironmentManager')).toEqual([]);
    expect(existsSync(join(workspace, '.vscode'))).toBe(false);
  });

  test('a choice that the user made in the settings is left alone', async () => {
    const workspace = temporaryFolder();
    makeEnvironment(python, join(workspace, '.venv'));
    const text = JSON.stringify({ 'python.defaultInterpreterPath': python });
    const settings = writeSettings(workspace, text);
    await vscode.open(workspace);

    await logSays(vscode.server, basename(workspace), 'another choice is left alone');

    expect(selected(workspace)).toEqual([]);
    expect(readFileSync(settings, 'utf8')).toBe(text);
  });

  test('a choice that the user made in the extension is left alone', async () => {
    const workspace = temporaryFolder();
    makeEnvironment(python, join(workspace, '.venv'));
    const chosen = makeEnvironment(python, join(workspace, 'other'));
    stub.choose(workspace, join(chosen, 'bin', 'python'));
    await vscode.open(workspace);

    await logSays(vscode.server, basename(workspace), 'another choice is left alone');

    expect(selected(workspace)).toEqual([]);
  });
});

describe('in a workspace of several folders', () => {
  const stub = prepareStub('python');
  const vscode = useVscode(() => ({ extensions: [stub.extension], environment: stub.environment }));

  test('each folder gets its own environment, and one without an environment gets none', async () => {
    const parent = temporaryFolder();
    const folders = ['one', 'other'].map((folder) => join(parent, folder));
    const environments = folders.map((folder) => makeEnvironment(python, join(folder, '.venv')));
    const bare = join(parent, 'bare');
    mkdirSync(bare);
    await vscode.open(writeWorkspace(parent, [...folders, bare]));

    const calls = await until('both are selected', () => {
      const made = stub.calls('updateActiveEnvironmentPath');
      return made.length >= 2 && made;
    });

    expect(calls.map(({ folder, path }) => [folder, path]).sort()).toEqual(
      folders.map((folder, index) => [folder, join(environments[index] ?? '', 'bin', 'python')]),
    );
  });
});

describe('in a workspace file with the Python Environments extension', () => {
  const stub = prepareStub('environments');
  const vscode = useVscode(() => ({ extensions: [stub.extension], environment: stub.environment }));

  test('nothing is selected, because the extension would write that into the workspace file', async () => {
    const parent = temporaryFolder();
    makeEnvironment(python, join(parent, 'one', '.venv'));
    await vscode.open(writeWorkspace(parent, [join(parent, 'one')]));

    await logSays(vscode.server, 'one: ', 'would write a settings file');

    expect(stub.calls('setEnvironment')).toEqual([]);
  });
});

describe('with no Python extension', () => {
  const vscode = useVscode();

  test('opening a folder changes no file in it', async () => {
    const workspace = temporaryFolder();
    makeEnvironment(python, join(workspace, '.venv'));
    const before = listing(workspace);
    await vscode.open(workspace);

    await logSays(vscode.server, basename(workspace), 'no Python extension');

    expect(listing(workspace)).toEqual(before);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { create } from './harness/creating.js';
import { dialogAppears } from './harness/dialog.js';
import { listing, runPython, writeDanglingEnvironment } from './harness/environments.js';
import { commandLine, helpers } from './harness/helper.js';
import { holdfastLog } from './harness/log.js';
import { notificationAppears, notifications, press } from './harness/notifications.js';
import { enter, pick, quickInputValue, quickPickRows } from './harness/quick-input.js';
import {
  writeEndlessPackage,
  writeRequirement,
  writeRequirements,
} from './harness/requirements.js';
import { useVscode } from './harness/session.js';
import { prepareStub } from './harness/stubs.js';
import { until } from './harness/waiting.js';
import { runCommand, screenshot } from './harness/window.js';
import { temporaryFolder, writeSettings } from './harness/workspace.js';

const python = inject('python');
// In front, so that it is offered wherever it is installed.
const PATH = `${dirname(python)}:${process.env.PATH}`;
// biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code replaces it
const SETTING = '"python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python"';

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
    expect(text).toContain(SETTING);
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

  test('Create venv takes what the project asks for, replaces after a question and installs', async () => {
    const workspace = temporaryFolder();
    const environment = writeDanglingEnvironment(join(workspace, '.venv'));
    writeFileSync(join(workspace, '.python-version'), minor());
    writeRequirement(python, workspace, 'fetched_from_here');
    writeRequirements(workspace, 'requirements-dev.txt', 'no-such-package\n');
    const page = await vscode.open(workspace);

    await runCommand(page, 'Holdfast: Create venv');
    const [first] = await until('the list is filled', async () => {
      const rows = await quickPickRows(page);
      return rows.length > 1 && rows;
    });
    expect(first).toContain(`.python-version asks for ${minor()}`);
    await screenshot(page, 'create-base');
    await page.keyboard.press('Enter');
    await until('another name is proposed', async () =>
      (await quickInputValue(page)).startsWith('.venv-3.'),
    );
    await enter(page, '.venv');
    const question = await dialogAppears(page, 'Replace .venv?');
    expect(await question.innerText()).toContain(`${environment} and everything`);
    await screenshot(page, 'create-replace');
    await press(question, 'Replace');
    await pick(page, 'The packages that requirements.txt lists');
    await screenshot(page, 'create-requirements');
    await page.keyboard.press('Enter');

    await until('the choice is written', () =>
      existsSync(join(workspace, '.vscode', 'settings.json')),
    );
    expect(runPython(environment, '-c', 'import fetched_from_here, sys; print(sys.prefix)')).toBe(
      environment,
    );
    await until('the notification has gone', async () => (await notifications(page)).length === 0, {
      last: () => notifications(page),
    });
  });

  test('a requirement that cannot be had is told in the words of the tool, and the environment is there', async () => {
    const workspace = temporaryFolder();
    writeRequirements(workspace, 'requirements.txt', 'no-such-package\n');
    const page = await vscode.open(workspace);

    await create(page, '.venv', 'requirements.txt');

    const error = await notificationAppears(page, /requirements\.txt.*could not be installed/);
    await screenshot(page, 'create-failure');
    expect(await error.innerText()).toMatch(/no-such-package/);
    expect(runPython(join(workspace, '.venv'), '-c', 'print(1)')).toBe('1');
    await until('it is selected all the same', () =>
      existsSync(join(workspace, '.vscode', 'settings.json')),
    );
    expect(holdfastLog(vscode.server)).toMatch(/could not be installed(.*\n)+.*no-such-package/);
  });

  test('Cancel while requirements are installed ends that, and keeps the environment', async () => {
    const workspace = temporaryFolder();
    const begun = writeEndlessPackage(join(workspace, 'endless'));
    writeRequirements(workspace, 'requirements.txt', './endless\n');
    const page = await vscode.open(workspace);

    await create(page, '.venv', 'requirements.txt');
    const builder = await until(
      'it is being built',
      () => existsSync(begun) && Number(readFileSync(begun, 'utf8')),
    );
    const progress = await notificationAppears(page, 'Creating .venv');
    await screenshot(page, 'create-installing');
    await press(progress, 'Cancel');

    await notificationAppears(page, /usable, but not everything is installed/);
    // Its command line is empty once it has ended, whoever still keeps its number.
    expect(commandLine(builder)).toBe('');
    expect(runPython(join(workspace, '.venv'), '-c', 'print(1)')).toBe('1');
    await until('it is selected all the same', () =>
      existsSync(join(workspace, '.vscode', 'settings.json')),
    );
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

  test('interpreterPath “settings” writes the settings file and leaves the extension alone', async () => {
    const workspace = temporaryFolder();
    const settings = writeSettings(workspace, '{"holdfast.interpreterPath": "settings"}');
    const page = await vscode.open(workspace);

    await create(page, '.venv');

    await until('the choice is written', () => readFileSync(settings, 'utf8').includes(SETTING));
    expect(
      stub.calls('updateActiveEnvironmentPath').filter(({ folder }) => folder === workspace),
    ).toEqual([]);
  });
});

/** The interpreter's version without its patch, as a project would ask for it. */
function minor(): string {
  const version = 'import sys; print("%d.%d" % sys.version_info[:2])';
  return execFileSync(python, ['-I', '-c', version], { encoding: 'utf8' }).trim();
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

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canOpenBrowser, findDesktop, openDesktop } from '../../scripts/desktop.mjs';
import { executable, temporaryFolder } from './temporary.mjs';

function machine(t, command = 'bin/code') {
  const folder = temporaryFolder(t);
  const code = executable(join(folder, command), '#!/bin/sh\n');
  return { code, env: { PATH: join(code, '..'), DISPLAY: ':0' }, platform: 'linux', root: false };
}

test('takes a desktop editor that is on PATH', (t) => {
  const { code, ...rest } = machine(t);
  assert.deepEqual(findDesktop(rest), { command: code });
});

test('takes VSCodium where there is no code', (t) => {
  const { code, ...rest } = machine(t, 'bin/codium');
  assert.deepEqual(findDesktop(rest), { command: code });
});

test('takes none as root', (t) => {
  assert.match(findDesktop({ ...machine(t), root: true }).reason, /root/);
});

test('takes none without a display', (t) => {
  const { env, ...rest } = machine(t);
  assert.match(findDesktop({ ...rest, env: { PATH: env.PATH } }).reason, /display/);
});

test('takes none in the terminal of a remote window', (t) => {
  const { env, ...rest } = machine(t);
  const remote = { ...env, VSCODE_IPC_HOOK_CLI: '/tmp/vscode-ipc.sock' };
  assert.match(findDesktop({ ...rest, env: remote }).reason, /remote/);
});

test('takes no command of a remote server', (t) => {
  assert.match(findDesktop(machine(t, 'bin/remote-cli/code')).reason, /none of the commands/);
});

test('opens a browser only on a desktop', (t) => {
  const { env } = machine(t, 'bin/xdg-open');
  assert.equal(canOpenBrowser(env, 'linux'), true);
  assert.equal(canOpenBrowser({ PATH: env.PATH }, 'linux'), false);
});

/** An editor that only writes down how it was called. */
function fakeEditor(t, code = 0) {
  const folder = temporaryFolder(t);
  const calls = join(folder, 'calls');
  const command = executable(
    join(folder, 'code'),
    `#!/bin/sh\necho "$@" >> ${calls}\necho said\nexit ${code}\n`,
  );
  const what = {
    command,
    vsix: '/x/holdfast.vsix',
    folder: '/my project',
    home: join(folder, 'home'),
  };
  return { ...what, calls: () => readFileSync(calls, 'utf8').trim().split('\n') };
}

test('installs the extension and opens the folder, apart from the person’s own editor', async (t) => {
  const { calls, ...what } = fakeEditor(t);
  await openDesktop({ ...what, trusted: true, open: true });
  const own = `--user-data-dir ${what.home}/desktop --extensions-dir ${what.home}/desktop-extensions`;
  assert.deepEqual(calls(), [
    `${own} --install-extension /x/holdfast.vsix --force`,
    `${own} --new-window --disable-workspace-trust /my project`,
  ]);
  const settings = JSON.parse(
    readFileSync(join(what.home, 'desktop', 'User', 'settings.json'), 'utf8'),
  );
  assert.equal(settings['telemetry.telemetryLevel'], 'off');
});

test('opens nothing when it should not, and leaves the question about trust for a folder of the person', async (t) => {
  const { calls, ...what } = fakeEditor(t);
  const line = await openDesktop({ ...what, trusted: false, open: false });
  assert.equal(calls().length, 1);
  assert.equal(line.at(-1), '/my project');
  assert.ok(!line.includes('--disable-workspace-trust'));
});

test('says so when the editor refuses the extension', async (t) => {
  const { calls, ...what } = fakeEditor(t, 1);
  await assert.rejects(
    openDesktop({ ...what, trusted: true, open: true }),
    /could not install holdfast\.vsix\. It said:\n {4}said/,
  );
  assert.equal(calls().length, 1);
});

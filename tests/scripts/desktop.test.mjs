import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { canOpenBrowser, findDesktop } from '../../scripts/desktop.mjs';
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

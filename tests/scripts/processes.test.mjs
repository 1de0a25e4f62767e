import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { cleanEnvironment, descendants, endGroup, isRunning } from '../../scripts/processes.mjs';

test('ends a process with all that came from it, whatever they do about it', async () => {
  // One child in the group, one that left it, one that does not listen.
  const script = 'sleep 300 & setsid sleep 300 & (trap "" TERM; while :; do sleep 1; done) & wait';
  const leader = spawn('/bin/sh', ['-c', script], { detached: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => leader.on('close', resolve));
  await wait(500);
  const all = descendants(leader.pid);
  assert.ok(all.length >= 4, `${all.length} descendants`);
  await endGroup(leader.pid, { patience: 500 });
  await ended;
  await wait(100);
  assert.deepEqual(
    all.filter((pid) => isRunning(pid)),
    [],
  );
});

test('passes on what the person has set, and nothing of npm or of a VS Code around it', () => {
  const clean = cleanEnvironment({
    HOME: '/home/person',
    PATH: '/repo/node_modules/.bin:/usr/bin',
    npm_config_registry: 'x',
    VSCODE_IPC_HOOK_CLI: 'x',
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: '--inspect',
  });
  assert.deepEqual(clean, { HOME: '/home/person', PATH: '/usr/bin' });
});

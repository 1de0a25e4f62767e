// `npm start`, as a person runs it: what it says, who gets in, and that nothing is left when it has stopped.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { onPath } from '../../scripts/command.mjs';
import { root } from '../../scripts/paths.mjs';
import { descendants, isRunning } from '../../scripts/processes.mjs';
import { run } from '../../scripts/run.mjs';
import { temporaryFolder } from './temporary.mjs';

const chromium = onPath('chromium') ?? onPath('chromium-browser');

test('opens the sample for those who have the token, and Ctrl+C leaves no process', async (t) => {
  const started = await start(t, ['--browser', '--no-open']);
  assert.match(
    started.address,
    /^http:\/\/127\.0\.0\.1:\d+\/\?tkn=[0-9a-f]{48}&folder=.*\/\.local\/sample$/,
  );
  const { status, text } = await open(started.address);
  assert.equal(status, 200);
  assert.match(text, /workbench/);
  const address = new URL(started.address);
  assert.equal((await fetch(address.origin)).status, 403);
  assert.equal((await fetch(`${address.origin}/?tkn=${'0'.repeat(48)}`)).status, 403);
  for (const pid of started.processes()) {
    assert.ok(
      !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(address.searchParams.get('tkn')),
      `process ${pid} shows the token`,
    );
  }

  const all = started.processes();
  // What a terminal does on Ctrl+C: the signal goes to everything in the foreground.
  process.kill(-started.pid, 'SIGINT');
  await started.ended;
  assert.deepEqual(
    all.filter((pid) => isRunning(pid)),
    [],
  );
  await assert.rejects(fetch(address.origin));
  assert.match(started.output(), /Stopped\./);
});

test('with a window open, SIGTERM takes the extension host and the helper along', {
  skip: !chromium && 'chromium is not installed (Debian and Ubuntu: apt-get install chromium)',
}, async (t) => {
  const started = await start(t, ['--browser', '--no-open']);
  const { chromium: driver } = await import('playwright-core');
  const browser = await driver.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(started.address);
  const isHelper = (pid) => /launch\.py\0server/.test(commandLine(pid));
  await eventually(() => started.processes().some(isHelper), 'the helper did not start');
  const all = started.processes();
  assert.ok(all.length > 5, `${all.length} processes`);

  // To npm alone, as a supervisor does it.
  process.kill(started.pid, 'SIGTERM');
  await started.ended;
  await eventually(
    () => !all.some((pid) => isRunning(pid)),
    () => all.filter(isRunning).map(commandLine).join('\n'),
  );
});

test('opens a folder of the person, on the port that they chose', async (t) => {
  const folder = join(temporaryFolder(t), 'mine & yours #1');
  mkdirSync(folder);
  const port = await freePort();
  const started = await start(t, ['--no-open', '--port', String(port), folder]);
  const address = new URL(started.address);
  assert.equal(Number(address.port), port);
  assert.equal(address.searchParams.get('folder'), folder);

  const second = await npmStart(['--no-open', '--port', String(port)]);
  assert.equal(second.code, 1);
  assert.match(second.output, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 cannot be used`));
});

test('says what is wrong with what was asked for', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const [args, message] of [
    [[join(folder, 'nowhere')], /nowhere is not a folder/],
    [[file], /file is not a folder/],
    [['--port', 'eighty'], /--port takes a number from 1 to 65535, not eighty/],
    [['--color'], /Unknown option '--color'/],
    [['one', 'two'], /One folder can be opened, not 2/],
  ]) {
    const { code, output } = await npmStart(args);
    assert.equal(code, 2, output);
    assert.match(output, message);
    assert.doesNotMatch(output, /\n\s+at /);
  }
});

test('says which Python it needs where there is none', async () => {
  const { code, output } = await npmStart([], { HOLDFAST_PYTHON: '/does/not/exist/python3' });
  assert.equal(code, 1);
  assert.match(output, /needs Python 3\.10 or newer/);
  assert.doesNotMatch(output, /\n\s+at /);
});

function npmStart(args, env = {}) {
  return run('npm', ['start', '--', ...args], { env: { ...process.env, ...env } });
}

/** Starts `npm start` in a group of its own and waits for the address. */
async function start(t, args) {
  const child = spawn('npm', ['start', '--', ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise((resolve) => child.on('close', resolve));
  let over = false;
  ended.then(() => {
    over = true;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  t.after(async () => {
    if (!over) {
      process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
  });
  const address = () => /http:\/\/127\.0\.0\.1:\S+/.exec(output)?.[0];
  await eventually(
    () => address() || over,
    () => `no address was printed:\n${output}`,
    600_000,
  );
  assert.ok(address(), output);
  return {
    address: address(),
    pid: child.pid,
    ended,
    output: () => output,
    processes: () => [child.pid, ...descendants(child.pid)],
  };
}

/** What a browser gets: it follows the redirection with the cookie that the token was changed for. */
async function open(address) {
  const first = await fetch(address, { redirect: 'manual' });
  const cookie = first.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const second = await fetch(new URL(first.headers.get('location'), address), {
    headers: { cookie },
  });
  return { status: second.status, text: await second.text() };
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function eventually(condition, message, patience = 60_000) {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await wait(200)) {
    if (condition()) {
      return;
    }
  }
  assert.fail(typeof message === 'function' ? message() : message);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

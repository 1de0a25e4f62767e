import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LogOutputChannel, Uri } from 'vscode';
import { createHelper, type Helper } from '../../extension/src/helper';
import type { Machine } from '../../extension/src/machine';
import { configured } from './vscode';

interface Fake {
  close(): void;
  stopped: number;
  killed: number;
  sent: string[];
}

let clients: Fake[];
/** What `start` of the next clients does. */
let starting: () => Promise<void>;

vi.mock('../../extension/src/client', () => ({
  createClient: ({ onClosed }: { onClosed(): void }) => {
    const fake: Fake = { close: onClosed, stopped: 0, killed: 0, sent: [] };
    clients.push(fake);
    return {
      onNotification: () => {},
      start: () => starting(),
      stop: async () => void fake.stopped++,
      sendNotification: async (method: string) => void fake.sent.push(method),
      serverProcess: { kill: () => void fake.killed++ },
    };
  },
}));

const PYTHON = '/opt/python/bin/python3';
let hasPython: boolean;
let helper: Helper;
let log: string[];

beforeEach(() => {
  vi.useFakeTimers();
  clients = [];
  starting = async () => {};
  hasPython = true;
  log = [];
  configured.clear();
  configured.set('holdfast.interpreter', PYTHON);
  const channel = {
    info: (text: string) => log.push(text),
    warn: (text: string) => log.push(text),
    error: (text: string) => log.push(text),
  } as unknown as LogOutputChannel;
  const machine: Machine = {
    platform: 'linux',
    env: {},
    home: '/home/me',
    workspace: () => [],
    facts: async (path) =>
      hasPython && path === PYTHON ? { kind: 'file', size: 1, executable: true } : null,
    readLink: async () => null,
    realPath: async (path) => path,
    firstBytes: async () => 'xx',
    list: async () => [],
    run: async () => ({ code: 0, stdout: '3.12.0 ok', stderr: '', timedOut: false }),
  };
  helper = createHelper({ extension: {} as Uri, log: channel, trace: channel, machine });
});

afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

it('is started again after a crash, with one client at a time', async () => {
  await helper.start();
  expect(helper.state.kind).toBe('running');
  clients[0]?.close();
  expect(helper.state.kind).toBe('restarting');
  expect(clients[0]?.killed).toBe(1);
  await vi.advanceTimersByTimeAsync(499);
  expect(clients).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(helper.state.kind).toBe('running');
  expect(clients).toHaveLength(2);
});

it('is given up once after the sixth crash, and comes back by hand', async () => {
  const kinds: string[] = [];
  helper.onState(({ kind }) => kinds.push(kind));
  await helper.start();
  for (let crash = 0; crash < 6; crash++) {
    clients.at(-1)?.close();
    await vi.advanceTimersByTimeAsync(8_000);
  }
  expect(clients).toHaveLength(6);
  expect(kinds.filter((kind) => kind === 'failed')).toEqual(['failed']);
  await expect(helper.client()).rejects.toThrow(/stopped several times/);
  await helper.restart();
  expect(helper.state.kind).toBe('running');
  clients.at(-1)?.close();
  expect(helper.state.kind).toBe('restarting');
});

it('counts a start that fails and a connection that closes as one death', async () => {
  starting = async () => {
    clients.at(-1)?.close();
    throw new Error('no answer');
  };
  await helper.start();
  expect(helper.state.kind).toBe('restarting');
  await vi.advanceTimersByTimeAsync(500 + 1_000 + 2_000 + 4_000 + 8_000);
  expect(clients).toHaveLength(6);
  expect(helper.state.kind).toBe('failed');
});

it('does not wait for ever for a helper that does not answer', async () => {
  starting = () => new Promise(() => {});
  const started = helper.start();
  await vi.advanceTimersByTimeAsync(30_000);
  await started;
  expect(helper.state.kind).toBe('restarting');
  expect(clients[0]?.killed).toBe(1);
});

it('takes its closing as asked for when it is stopped', async () => {
  await helper.start();
  await helper.stop();
  clients[0]?.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(clients).toHaveLength(1);
  expect(clients[0]?.stopped).toBe(1);
  await helper.start();
  expect(clients).toHaveLength(1);
});

it('stops the old helper before a restart starts the new one', async () => {
  await helper.start();
  await Promise.all([helper.restart(), helper.restart()]);
  expect(clients.map(({ stopped }) => stopped)).toEqual([1, 1, 0]);
  expect(helper.state.kind).toBe('running');
});

it('a restart by hand does not add to one that is waiting', async () => {
  await helper.start();
  clients[0]?.close();
  await helper.restart();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(clients).toHaveLength(2);
});

it('says why there is none without a usable Python, and starts when there is one', async () => {
  hasPython = false;
  await helper.start();
  expect(helper.state).toMatchObject({ kind: 'no-python', asked: false });
  await expect(helper.client()).rejects.toThrow(/“holdfast.interpreter”, \/opt.*does not exist/);
  expect(log.join('\n')).toContain(`Passed over ${PYTHON}: it does not exist.`);
  await helper.restart();
  expect(helper.state).toMatchObject({ kind: 'no-python', asked: true });
  hasPython = true;
  await helper.retry();
  expect(helper.state.kind).toBe('running');
});

it('keeps a request waiting while it starts, and drops hints that come before', async () => {
  let finish = () => {};
  starting = () => new Promise((resolve) => (finish = () => resolve()));
  const started = helper.start();
  await settle();
  helper.notify('holdfast/lookAgain', {});
  const client = helper.client();
  finish();
  await started;
  await expect(client).resolves.toBeDefined();
  helper.notify('holdfast/lookAgain', {});
  expect(clients[0]?.sent).toEqual(['holdfast/lookAgain']);
});

// The life of the helper: started on the Python that python.ts finds, started again when it dies,
// given up with one state that the user is told of. One language client a life.
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { createClient } from './client';
import { helperInterpreter } from './configuration';
import { HelperIsNotRunning, type HelperState, whyNotRunning } from './helperState';
import type { Machine } from './machine';
import { HasLooked, type Looked } from './protocol';
import { findPython, type Search } from './python';
import { restartPolicy } from './restarts';

export interface Helper extends vscode.Disposable {
  readonly state: HelperState;
  readonly onState: vscode.Event<HelperState>;
  readonly onLooked: vscode.Event<Looked>;
  start(): Promise<void>;
  /** Starts from scratch, whatever happened before. */
  restart(): Promise<void>;
  /** Looks for a Python again after none was found. */
  retry(): Promise<void>;
  stop(): Promise<void>;
  /** The client of a running helper; waits for one that is starting. */
  client(): Promise<LanguageClient>;
  /** Sends nothing when no helper runs: for what is only a hint. */
  notify(method: string, params: object): void;
}

export interface HelperOptions {
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  trace: vscode.LogOutputChannel;
  machine: Machine;
}

interface Life {
  client: LanguageClient;
  over: boolean;
}

const START_TIMEOUT = 30_000;

export function createHelper(options: HelperOptions): Helper {
  const { log, machine } = options;
  const states = new vscode.EventEmitter<HelperState>();
  const looks = new vscode.EventEmitter<Looked>();
  const policy = restartPolicy();
  let state: HelperState = { kind: 'stopped' };
  let life: Life | null = null;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  // Starts and stops come one after the other: two lives would register the same commands.
  let queue: Promise<void> = Promise.resolve();

  function become(next: HelperState): void {
    state = next;
    states.fire(next);
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    queue = queue.then(work).catch((error) => log.error(String(error)));
    return queue;
  }

  async function launch(asked: boolean): Promise<void> {
    if (ended) {
      return;
    }
    become({ kind: 'starting' });
    const search = await findPython(machine, helperInterpreter());
    writeSearch(log, search);
    if (ended) {
      return;
    }
    if (search.python === null) {
      become({ kind: 'no-python', search, asked });
      return;
    }
    const { python } = search;
    const client = createClient({ ...options, python, onClosed: () => died(current) });
    const current: Life = { client, over: false };
    life = current;
    client.onNotification(HasLooked, (looked: Looked) => looks.fire(looked));
    try {
      await within(START_TIMEOUT, client.start());
    } catch (error) {
      log.error(`The helper did not start: ${error instanceof Error ? error.message : error}`);
      died(current);
      return;
    }
    if (!current.over) {
      log.info('The helper runs.');
      become({ kind: 'running', python });
    }
  }

  function died(which: Life): void {
    if (which.over) {
      return;
    }
    which.over = true;
    life = null;
    killProcess(which.client);
    const delay = policy.died(Date.now());
    if (delay === null) {
      log.error('The helper stopped too often and is not started again.');
      become({ kind: 'failed' });
      return;
    }
    log.warn(`The helper stopped. It is started again in ${delay / 1000} seconds.`);
    become({ kind: 'restarting' });
    timer = setTimeout(() => void inTurn(relaunch), delay);
  }

  async function relaunch(): Promise<void> {
    // A restart by hand may have been faster.
    if (state.kind === 'restarting') {
      await launch(false);
    }
  }

  async function halt(): Promise<void> {
    clearTimeout(timer);
    const last = life;
    life = null;
    if (last !== null && !last.over) {
      last.over = true;
      await last.client.stop().catch((error) => {
        log.warn(`The helper did not stop by itself: ${error.message}`);
        killProcess(last.client);
      });
    }
  }

  return {
    get state() {
      return state;
    },
    onState: states.event,
    onLooked: looks.event,
    start: () => inTurn(() => launch(false)),
    restart: () =>
      inTurn(async () => {
        policy.reset();
        await halt();
        await launch(true);
      }),
    retry: () =>
      inTurn(async () => {
        if (state.kind === 'no-python') {
          await launch(false);
        }
      }),
    async stop() {
      ended = true;
      await halt();
      state = { kind: 'stopped' };
    },
    async client() {
      await queue;
      if (state.kind !== 'running' || life === null) {
        throw new HelperIsNotRunning(whyNotRunning(state));
      }
      return life.client;
    },
    notify(method, params) {
      if (state.kind === 'running' && life !== null) {
        life.client
          .sendNotification(method, params)
          .catch((error) => log.warn(`${method} was not sent: ${error.message}`));
      }
    },
    dispose() {
      states.dispose();
      looks.dispose();
    },
  };
}

function writeSearch(log: vscode.LogOutputChannel, search: Search): void {
  for (const { path, why } of search.passedOver) {
    log.info(`Passed over ${path}: it ${why}.`);
  }
  if (search.python !== null) {
    log.info(`The helper is started on Python ${search.python.version}: ${search.python.path}`);
  } else {
    log.error('No Python was found that can run the helper.');
  }
}

function killProcess(client: LanguageClient): void {
  client.serverProcess?.kill();
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const message = `it did not answer within ${milliseconds / 1000} seconds`;
    timer = setTimeout(() => reject(new Error(message)), milliseconds);
  });
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}

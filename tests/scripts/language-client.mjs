// A language client of a few lines: enough to say hello to a server on its standard streams, and goodbye.

import { spawn } from 'node:child_process';
import { dirname } from 'node:path';

/** Starts the helper for one test, which also sees to its end. */
export function startHelper(test, python, launch) {
  const child = spawn(python, ['-I', launch, 'server'], { cwd: dirname(launch) });
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  test.after(() => child.kill('SIGKILL'));
  const waiting = { answers: new Map(), notifications: new Map() };
  const early = new Map();
  let errors = '';
  let received = Buffer.alloc(0);
  let last = 0;

  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  child.stdout.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    for (let message = next(); message; message = next()) {
      take(message);
    }
  });
  const ended = new Promise((resolve) => child.on('close', resolve)).finally(() =>
    clearTimeout(timer),
  );
  const dead = ended.then((code) => {
    throw new Error(`The helper ended with code ${code}.\n${errors}`);
  });
  dead.catch(() => {});

  function next() {
    const head = received.indexOf('\r\n\r\n');
    const length = Number(
      /Content-Length: (\d+)/i.exec(received.toString('latin1', 0, Math.max(head, 0)))?.[1],
    );
    if (head < 0 || received.length < head + 4 + length) {
      return undefined;
    }
    const body = received.toString('utf8', head + 4, head + 4 + length);
    received = received.subarray(head + 4 + length);
    return JSON.parse(body);
  }

  function take(message) {
    if (message.method && message.id !== undefined) {
      send({ id: message.id, result: null });
    } else if (message.method) {
      const resolve = waiting.notifications.get(message.method);
      resolve ? resolve(message.params) : early.set(message.method, message.params);
    } else {
      waiting.answers.get(message.id)?.(message);
    }
  }

  function send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  return {
    ended,
    errors: () => errors,
    notify: (method, params) => send({ method, params }),
    /** The first notification of a kind, come or to come. */
    notified(method) {
      const come = new Promise((resolve) => waiting.notifications.set(method, resolve));
      return early.has(method) ? early.get(method) : Promise.race([come, dead]);
    },
    async request(method, params) {
      last += 1;
      const answer = new Promise((resolve) => waiting.answers.set(last, resolve));
      send({ id: last, method, params });
      const { error, result } = await Promise.race([answer, dead]);
      if (error) {
        throw new Error(`${method}: ${error.message}`);
      }
      return result;
    },
  };
}

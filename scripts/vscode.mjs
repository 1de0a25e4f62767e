// The VS Code from npm as a local server for one person's browser.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { code } from './paths.mjs';
import { cleanEnvironment, endGroup } from './processes.mjs';
import { indent, mustRun, tail } from './run.mjs';
import { firstRunSettings, writeSettings } from './settings.mjs';
import { hashOf, makeOnce } from './stamp.mjs';
import { Failure, step } from './terminal.mjs';
import { vscodePaths } from './vscode/install.mjs';

const host = '127.0.0.1';
const usualPort = 8642;
const data = join(code, 'server');
const extensions = join(code, 'server-extensions');
const folders = ['--server-data-dir', data, '--extensions-dir', extensions];

/** Installs holdfast.vsix into the server's own extensions folder. */
export async function installExtension(vsix) {
  const { node, serverMain } = vscodePaths();
  await makeOnce('installed', hashOf(vsix), extensions, async () => {
    step('Installing Holdfast into VS Code');
    const install = [
      ...folders,
      '--accept-server-license-terms',
      '--install-extension',
      vsix,
      '--force',
    ];
    const { output } = await mustRun(node, [serverMain, ...install], {
      env: cleanEnvironment(),
      advice: 'VS Code could not install holdfast.vsix. It said:',
    });
    if (!/successfully installed/i.test(output)) {
      throw new Failure(
        `VS Code did not install holdfast.vsix. It said:\n${indent(tail(output, 20))}`,
      );
    }
  });
}

/**
 * Starts the server on 127.0.0.1. Other people on the machine are kept out by a token that is made anew each time.
 *
 * @param {{folder: string, port?: number, trusted: boolean}} what `trusted` leaves the question about trust out
 * @returns {Promise<{address: string, pid: number, ended: Promise<void>, stop: () => Promise<void>}>}
 */
export async function startServer({ folder, port, trusted }) {
  const { node, serverMain } = vscodePaths();
  const free = await choosePort(port);
  const token = randomBytes(24).toString('hex');
  writeSettings(join(data, 'data', 'User', 'settings.json'), firstRunSettings);
  mkdirSync(data, { recursive: true });
  // In a file of our own: everybody on the machine can read command lines.
  const tokenFile = join(data, `token-${free}`);
  rmSync(tokenFile, { force: true });
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const logFile = join(code, 'server.log');
  rmSync(logFile, { force: true });
  const log = openSync(logFile, 'w', 0o600); // the server writes its token there
  const args = [
    ...[serverMain, '--host', host, '--port', String(free), '--connection-token-file', tokenFile],
    ...[
      '--accept-server-license-terms',
      '--disable-telemetry',
      '--disable-getting-started-override',
    ],
    ...(trusted ? ['--disable-workspace-trust'] : []),
    ...folders,
  ];
  // A group of its own: the server has children, which must end with it.
  const child = spawn(node, args, {
    cwd: data,
    env: cleanEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise((resolve) => child.on('close', resolve).on('error', resolve));
  const stop = async () => {
    rmSync(tokenFile, { force: true });
    if (child.pid) {
      await endGroup(child.pid);
    }
  };
  const address = `http://${host}:${free}/?tkn=${token}&folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}`;
  const answered = await answers(address, ended);
  if (!answered) {
    await stop();
    throw new Failure(
      `VS Code did not start. It wrote to ${logFile}:\n${indent(tail(readFileSync(logFile, 'utf8'), 20))}`,
    );
  }
  return { address, pid: child.pid, ended, stop };
}

async function answers(address, ended, patience = 30_000) {
  let over = false;
  ended.then(() => {
    over = true;
  });
  for (const deadline = Date.now() + patience; Date.now() < deadline && !over; await wait(100)) {
    const response = await fetch(address, { redirect: 'manual' }).catch(() => undefined);
    if (response && response.status < 400) {
      return true;
    }
  }
  return false;
}

/** The port that was asked for, or the usual one, or any free one. */
async function choosePort(wanted) {
  if (wanted !== undefined) {
    if (!(await listen(wanted))) {
      throw new Failure(
        `Port ${wanted} on ${host} cannot be used; another program may have it. Choose another one with --port.`,
      );
    }
    return wanted;
  }
  return (await listen(usualPort)) || listen(0);
}

function listen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(0));
    server.listen(port, host, () => {
      const found = server.address().port;
      server.close(() => resolve(found));
    });
  });
}

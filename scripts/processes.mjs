// Processes that outlive one call: their environment, and their end.

import { readdirSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * The environment without what npm and a surrounding VS Code put into it. Both would be taken for settings by the
 * VS Code that is started, and would show up in its terminals.
 */
export function cleanEnvironment(env = process.env) {
  const foreign = /^(npm_|VSCODE_|ELECTRON_|INIT_CWD$|NODE$|NODE_OPTIONS$|COLOR$)/i;
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
  const path = clean.PATH ?? '';
  clean.PATH = path
    .split(delimiter)
    .filter((folder) => !/[\\/]node_modules[\\/]\.bin$|node-gyp-bin$/.test(folder))
    .join(delimiter);
  return clean;
}

/**
 * Ends a process that was started as the leader of a group, with everything that came from it: the group, and
 * descendants that left it, such as the shells of terminals.
 */
export async function endGroup(leader, { patience = 5000 } = {}) {
  const all = [leader, ...descendants(leader)];
  signal(-leader, 'SIGTERM');
  for (const pid of all) {
    signal(pid, 'SIGTERM');
  }
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && (isRunning(-leader) || all.some(isRunning))) {
    await wait(50);
  }
  signal(-leader, 'SIGKILL');
  for (const pid of all.filter(isRunning)) {
    signal(pid, 'SIGKILL');
  }
}

/** The processes below a process, as far as this system lists them under /proc. */
export function descendants(pid) {
  const children = new Map();
  for (const [child, parent] of parents()) {
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (parent) =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parents() {
  let names = [];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    // Not Linux: the group has to do.
  }
  return names.flatMap((name) => {
    try {
      // The command stands in parentheses and may hold anything; the fields after it are plain.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1).split(' ');
      return [[Number(name), Number(fields[1])]];
    } catch {
      return [];
    }
  });
}

/** Whether a process, or for a negative number a group, is there. */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

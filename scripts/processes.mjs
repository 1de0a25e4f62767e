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
  while (Date.now() < deadline && (isRunning(-leader) || all.some((pid) => isRunning(pid)))) {
    await wait(50);
  }
  signal(-leader, 'SIGKILL');
  for (const pid of all.filter((pid) => isRunning(pid))) {
    signal(pid, 'SIGKILL');
  }
}

/** The processes below a process, as far as this system lists them under /proc. */
export function descendants(pid) {
  const children = new Map();
  for (const { pid: child, parent } of listed()) {
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (parent) =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** Whether a process is there, or for a negative number one of a group. */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  // A signal also reaches what has ended and waits for its parent to notice.
  const all = listed();
  return (
    all.length === 0 || all.some((one) => (one.pid === pid || one.group === -pid) && !one.ended)
  );
}

function listed() {
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
      const [state, parent, group] = fields;
      return [
        { pid: Number(name), parent: Number(parent), group: Number(group), ended: state === 'Z' },
      ];
    } catch {
      return [];
    }
  });
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

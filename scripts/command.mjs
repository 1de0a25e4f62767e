// Finding commands on PATH, without running them.

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every file that PATH has for a command, in order. */
export function allOnPath(command, env = process.env) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const found = [];
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    for (const suffix of folder ? suffixes : []) {
      const path = join(folder, command + suffix);
      if (isExecutable(path)) {
        found.push(path);
      }
    }
  }
  return found;
}

/** The file that would run, or undefined. */
export function onPath(command, env = process.env) {
  return allOnPath(command, env)[0];
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from './server.js';

/** The process ids of the helpers that this VS Code runs: one a window. */
export function helpers(server: Server): number[] {
  return processes().filter((pid) => {
    const command = commandLine(pid);
    return command.includes('launch.py') && command.includes(server.folder);
  });
}

/** The command line of a process, its arguments parted by spaces. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

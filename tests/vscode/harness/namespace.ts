import { execFileSync } from 'node:child_process';

/** Whether this user may start a program in mounts of its own: Linux, and root. */
export function mayUnshare(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Wraps a command: it runs in mounts of its own, which this script has prepared as root. Nothing else sees them. */
export function inNamespace(script: string): (command: string[]) => string[] {
  return (command) => ['unshare', '--mount', 'sh', '-ec', `${script}\nexec "$@"`, 'sh', ...command];
}

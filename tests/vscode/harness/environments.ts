import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * An environment whose interpreter leads to `home`, written file by file: for a home that is gone it is what an
 * upgrade leaves. Nobody needs to have run it, because finding and checking never run anything.
 */
export function writeEnvironment(environment: string, home: string, version = '3.12.0'): string {
  mkdirSync(join(environment, 'bin'), { recursive: true });
  const minor = version.split('.').slice(0, 2).join('.');
  mkdirSync(join(environment, 'lib', `python${minor}`, 'site-packages'), { recursive: true });
  symlinkSync(join(home, `python${minor}`), join(environment, 'bin', `python${minor}`));
  symlinkSync(`python${minor}`, join(environment, 'bin', 'python3'));
  symlinkSync(`python${minor}`, join(environment, 'bin', 'python'));
  writeFileSync(
    join(environment, 'pyvenv.cfg'),
    `home = ${home}\ninclude-system-site-packages = false\nversion = ${version}\n`,
  );
  return environment;
}

/** An environment whose base is gone, in a place of its own that no other environment shares. */
export function writeDanglingEnvironment(environment: string): string {
  return writeEnvironment(environment, join(dirname(environment), 'no-such-base', '3.12.0', 'bin'));
}

/** An environment whose base was the release before `installed`, which stands in its place. */
export function writeUpgradedEnvironment(environment: string, installed: string): string {
  const minor = basename(installed).split('.').slice(0, 2).join('.');
  const before = `${minor}.0rc1`;
  return writeEnvironment(environment, join(dirname(installed), before, 'bin'), before);
}

/** An environment that works, by a path that no upgrade leads elsewhere, made by the standard library. */
export function makeEnvironment(python: string, environment: string): string {
  mkdirSync(dirname(environment), { recursive: true });
  execFileSync(realpathSync(python), ['-I', '-m', 'venv', '--without-pip', environment]);
  return environment;
}

/** Runs an environment's interpreter and returns what it prints. */
export function runPython(environment: string, ...args: string[]): string {
  const python = join(environment, 'bin', 'python');
  return execFileSync(python, args, { encoding: 'utf8', cwd: '/' }).trim();
}

/** Every path below a folder, links not followed: to compare before and after. */
export function listing(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [];
}

// The machine as a value: what python.ts asks about files and processes goes through here, so
// that a test can stand another system up.
import { execFile } from 'node:child_process';
import { constants, promises as fs } from 'node:fs';
import { homedir } from 'node:os';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

export interface FileFacts {
  kind: 'file' | 'folder' | 'other';
  size: number;
  executable: boolean;
}

export interface Machine {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  home: string;
  /** The folders that are open in the editor. */
  workspace(): string[];
  /** Facts about what a path leads to, or null where it leads nowhere. */
  facts(path: string): Promise<FileFacts | null>;
  /** The text of a symbolic link, or null where the path is not one. */
  readLink(path: string): Promise<string | null>;
  realPath(path: string): Promise<string | null>;
  firstBytes(path: string, count: number): Promise<string>;
  /** The names in a folder; none where there is no such folder. */
  list(path: string): Promise<string[]>;
  run(command: string, args: string[], timeout: number): Promise<Ran>;
}

export function thisMachine(workspace: () => string[]): Machine {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    workspace,
    facts,
    readLink: (path) => fs.readlink(path).catch(() => null),
    realPath: (path) => fs.realpath(path).catch(() => null),
    firstBytes,
    list: (path) => fs.readdir(path).catch(() => []),
    run,
  };
}

async function facts(path: string): Promise<FileFacts | null> {
  try {
    const stat = await fs.stat(path);
    const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
    return { kind, size: stat.size, executable: await mayExecute(path) };
  } catch {
    return null;
  }
}

function mayExecute(path: string): Promise<boolean> {
  return fs.access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function firstBytes(path: string, count: number): Promise<string> {
  let file: fs.FileHandle | undefined;
  try {
    file = await fs.open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file?.close();
  }
}

function run(command: string, args: string[], timeout: number): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { timeout, killSignal: 'SIGKILL' as const, windowsHide: true };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const timedOut = error?.killed === true;
      // A program that cannot be started has a text for its code, such as ENOENT.
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? ''), timedOut });
    });
    child.stdin?.end();
  });
}

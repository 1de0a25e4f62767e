// The settings.json of a folder as a file: read strictly, written as a whole or not at all.
import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../ui/failures';
import { MalformedSettings, withSetting } from './settingsText';

/** Writes one setting. Returns the path of the file; throws a Refusal that says why it could not. */
export async function writeSetting(folder: string, key: string, value: string): Promise<string> {
  const path = join(folder, '.vscode', 'settings.json');
  const before = await read(path);
  const after = edited(path, before ?? '', key, value);
  if (after !== before) {
    await write(path, after);
  }
  return path;
}

async function read(path: string): Promise<string | null> {
  let bytes: Buffer;
  try {
    const stat = await fs.stat(path);
    if (!stat.isFile()) {
      // Reading a pipe would wait for ever.
      throw new Refusal(
        `${path} is ${stat.isDirectory() ? 'a folder' : 'not a regular file'}, so the interpreter cannot be written there. Move it away, then try again.`,
      );
    }
    bytes = await fs.readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return null;
    }
    throw explained(error, path, 'read');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(
      `${path} is not UTF-8 text, so it was left as it is. Save it as UTF-8, then try again.`,
    );
  }
}

function edited(path: string, text: string, key: string, value: string): string {
  try {
    return withSetting(text, key, value);
  } catch (error) {
    if (error instanceof MalformedSettings) {
      throw new Refusal(
        `${path} is not valid JSON (${error.message}), so it was left as it is. Correct it, then try again.`,
      );
    }
    throw error;
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await fs.mkdir(dirname(path), { recursive: true });
    // Where settings.json is a link, what it leads to is replaced, and the link stays.
    const real = await fs.realpath(path).catch(() => path);
    await replace(real, text);
  } catch (error) {
    throw explained(error, path, 'written');
  }
}

async function replace(path: string, text: string): Promise<void> {
  const mode = await fs.stat(path).then(
    (stat) => stat.mode & 0o777,
    () => 0o644,
  );
  const staged = `${path}.${process.pid}.tmp`;
  try {
    const file = await fs.open(staged, 'wx', mode);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(staged, path);
  } catch (error) {
    await fs.rm(staged, { force: true });
    throw error;
  }
}

function explained(error: unknown, path: string, work: 'read' | 'written'): Error {
  if (error instanceof Refusal) {
    return error;
  }
  const why = reason(error);
  return new Refusal(`${path} could not be ${work}: ${why}. The interpreter was not selected.`);
}

function reason(error: unknown): string {
  if (hasCode(error, 'EACCES') || hasCode(error, 'EPERM')) {
    return 'permission is denied';
  }
  if (hasCode(error, 'EROFS')) {
    return 'the disk is read-only';
  }
  if (hasCode(error, 'ENOSPC')) {
    return 'the disk is full';
  }
  if (hasCode(error, 'ENOTDIR') || hasCode(error, 'EEXIST')) {
    return '.vscode is a file, not a folder';
  }
  if (hasCode(error, 'ELOOP')) {
    return 'it is a link that leads in a circle';
  }
  return error instanceof Error ? error.message : String(error);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

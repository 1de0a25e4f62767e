// A folder for one test, gone afterwards.

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Makes a folder that is removed when the test ends. */
export function temporaryFolder(test) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-scripts-')));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an executable file, with the folders that it needs. */
export function executable(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

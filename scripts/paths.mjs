// Where things of this repository are, and where its scripts put what they make.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const local = join(root, '.local');
export const bundled = join(root, 'server', 'bundled');
export const wheels = join(local, 'wheels');
export const vsix = join(root, 'holdfast.vsix');
export const sampleFolder = join(local, 'sample');
export const samplePythons = join(local, 'pythons');
export const code = join(local, 'code');

/** The folder for logs and screenshots of tests, made when missing. */
export function artifacts(...parts) {
  const folder = join(local, 'artifacts', ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

import { normalize } from 'node:path';

export function isSamePath(a: string, b: string): boolean {
  return comparable(a) === comparable(b);
}

function comparable(path: string): string {
  const normal = normalize(path);
  return process.platform === 'win32' ? normal.toLowerCase() : normal;
}

// The names in a zip file, read from its central directory.

import { readFileSync } from 'node:fs';

const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;

/** The paths of everything in a zip file. */
export function zipEntries(path) {
  const bytes = readFileSync(path);
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== endRecord) {
    end -= 1;
  }
  if (end < 0) {
    throw new Error(`${path} is not a zip file.`);
  }
  const names = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (bytes.readUInt32LE(at) !== centralRecord) {
      throw new Error(`${path} is a damaged zip file.`);
    }
    const length = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names;
}

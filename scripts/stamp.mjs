// Stamps remember what something was made from, so that it is not made again from the same.

import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { local } from './paths.mjs';

/** The latest making of each name. */
const turns = new Map();

/** The hash of files, of everything in folders, and of plain texts (`{ text }`). Missing files count as missing. */
export function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) {
    if (typeof part === 'object') {
      hash.update(`text ${part.text}\0`);
    } else {
      addPath(hash, part);
    }
  }
  return hash.digest('hex');
}

function addPath(hash, path) {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts) {
    hash.update(`missing ${path}\0`);
  } else if (facts.isDirectory()) {
    for (const name of readdirSync(path).sort()) {
      if (name !== '__pycache__') {
        addPath(hash, join(path, name));
      }
    }
  } else {
    hash.update(`file ${path}\0${facts.size}\0`);
    hash.update(readFileSync(path));
  }
}

/**
 * Makes something unless it exists and was made from the same.
 *
 * @param {string} name the stamp's name
 * @param {string} hash what it would be made from
 * @param {string | string[]} products files or folders that must exist
 * @param {() => Promise<void>} make
 * @returns {Promise<boolean>} whether it was made now
 */
export function makeOnce(name, hash, products, make) {
  // Lanes that run side by side may want the same.
  const before = turns.get(name) ?? Promise.resolve();
  const turn = before.catch(() => {}).then(() => makeUnlessMade(name, hash, products, make));
  turns.set(name, turn);
  return turn;
}

async function makeUnlessMade(name, hash, products, make) {
  const stamp = join(local, 'stamps', name);
  if (
    [products].flat().every((path) => existsSync(path)) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hash
  ) {
    return false;
  }
  // Taken away first: what is half made must not look finished.
  rmSync(stamp, { force: true });
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
  return true;
}

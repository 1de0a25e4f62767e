// What a test runner counted, read from its JUnit report. Every runner here can write one.

import { existsSync, readFileSync } from 'node:fs';
import { Failure } from './terminal.mjs';

/**
 * @param {string} path a JUnit XML file
 * @returns {{passed: number, failed: string[], skipped: {test: string, reason: string}[]}}
 * @throws Failure when the runner wrote no report, or a report of nothing
 */
export function readJunit(path) {
  if (!existsSync(path)) {
    throw new Failure('The test runner ended without a report.');
  }
  const xml = readFileSync(path, 'utf8');
  const counts = { passed: 0, failed: [], skipped: [] };
  for (const [, attributes, closed, body = ''] of xml.matchAll(testcase)) {
    const test = text(attribute(attributes, 'name'));
    const skip = !closed && /<skipped\b([^>]*)/.exec(body);
    if (!closed && /<(failure|error)\b/.test(body)) {
      counts.failed.push(test);
    } else if (skip) {
      counts.skipped.push({
        test,
        reason: text(attribute(skip[1], 'message')) || 'no reason was given',
      });
    } else {
      counts.passed += 1;
    }
  }
  if (counts.passed + counts.failed.length + counts.skipped.length === 0) {
    throw new Failure('The test runner found no test.');
  }
  return counts;
}

// Attribute values hold any `>` but no quote; a case without a body closes itself.
const testcase = /<testcase\b((?:\s+[\w:.-]+="[^"]*")*)\s*(?:(\/)>|>([\s\S]*?)<\/testcase>)/g;

function attribute(attributes, name) {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
}

function text(escaped) {
  const characters = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return escaped
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex, digits) =>
      String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)),
    )
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => characters[name]);
}

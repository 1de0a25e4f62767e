import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';

export type StubName = 'python' | 'environments';

/** A stub of one of Microsoft's Python extensions: what to give to `startServer`, and what it has recorded. */
export interface Stub {
  extension: string;
  environment: { HOLDFAST_STUBS: string };
  /** The calls so far that change or look something up, oldest first. */
  calls(name?: string): StubCall[];
  /** Puts down what the user has chosen for a folder, as if in an earlier session. */
  choose(folder: string, interpreter: string): void;
}

export interface StubCall {
  api: StubName;
  call: string;
  path: string | null;
  folder?: string | null;
}

/** Prepares a stub for the tests of a suite; its records stand in a temporary folder of its own. */
export function prepareStub(name: StubName): Stub {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-stub-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    extension: inject('stubs')[name],
    environment: { HOLDFAST_STUBS: folder },
    calls: (wanted) =>
      readCalls(join(folder, 'calls.jsonl')).filter(({ call }) => !wanted || call === wanted),
    choose: (workspaceFolder, interpreter) =>
      writeFileSync(
        join(folder, 'selections.json'),
        JSON.stringify({ [workspaceFolder]: interpreter }),
      ),
  };
}

function readCalls(file: string): StubCall[] {
  if (!existsSync(file)) {
    return [];
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

import { describe, expect, it, vi } from 'vitest';
import { goodNews } from '../../extension/src/commands/check';
import { ruleLink } from '../../extension/src/commands/openRule';
import { environmentsWithProblems, planItems } from '../../extension/src/commands/repair';
import { environmentItem } from '../../extension/src/commands/selectInterpreter';
import { type HelperState, whyNotRunning } from '../../extension/src/helperState';
import type { FolderEnvironment, Problem } from '../../extension/src/protocol';
import { describeFailure, Refusal } from '../../extension/src/ui/failures';
import { onPart } from '../../extension/src/ui/progress';
import { describe as describeStatus } from '../../extension/src/ui/status';

// It loads only inside VS Code, and nothing here talks to a helper.
vi.mock('vscode-languageclient/node', () => ({ WorkDoneProgress: {} }));

const PYTHON = { path: '/usr/bin/python3', version: '3.11.2' };
const OWN: FolderEnvironment = {
  path: '/code/.venv',
  interpreter: '/code/.venv/bin/python',
  version: '3.12.4',
  state: 'healthy',
  reason: null,
  own: true,
  setting: '',
};

describe('the link of a rule', () => {
  it('names the command and the rule', () => {
    const link = ruleLink('interpreter-dangling');
    expect(link?.scheme).toBe('command');
    expect(link?.query).toBe('["interpreter-dangling"]');
  });

  it.each(['', '../../etc/passwd', 'a/b', 'Rule', 'a.md'])('is none for %j', (rule) => {
    expect(ruleLink(rule)).toBeNull();
  });
});

describe('a failure', () => {
  it('is told in the helper’s own words', () => {
    expect(describeFailure({ code: -32803, message: 'The disk is full.' })).toBe(
      'The disk is full.',
    );
    expect(describeFailure(new Refusal('Save it first.'))).toBe('Save it first.');
  });

  it('names no option of the command line', () => {
    const message = 'It exists. Choose another name, or replace it (--replace).';
    expect(describeFailure({ code: -32803, message })).toBe(
      'It exists. Choose another name, or replace it.',
    );
  });

  it('is not told when the user cancelled', () => {
    expect(describeFailure({ code: -32800, message: 'cancelled' })).toBeNull();
  });

  it('of our own shows no stack trace', () => {
    expect(describeFailure(new TypeError('x is undefined'))).not.toContain('undefined');
  });
});

describe('the status', () => {
  it('names the folder’s own environment', () => {
    const status = describeStatus(
      { kind: 'running', python: PYTHON },
      { uri: '', own: OWN, environments: 2, broken: 0, record: 'api' },
    );
    expect(status).toMatchObject({
      text: '.venv (Python 3.12.4)',
      detail: '2 environments',
      severity: 'information',
    });
  });

  it('counts the environments where the folder has none of its own', () => {
    const status = describeStatus(
      { kind: 'running', python: PYTHON },
      { uri: '', own: null, environments: 3, broken: 1, record: 'api' },
    );
    expect(status).toMatchObject({
      text: '3 environments',
      detail: '1 broken',
      command: { command: 'holdfast.repair' },
    });
  });

  it('offers the repair of a broken one and says why', () => {
    const own: FolderEnvironment = { ...OWN, state: 'broken', reason: 'It leads nowhere.' };
    const status = describeStatus(
      { kind: 'running', python: PYTHON },
      { uri: '', own, environments: 1, broken: 1, record: 'api' },
    );
    expect(status).toMatchObject({
      text: '.venv is broken',
      detail: 'It leads nowhere.',
      severity: 'warning',
      command: { command: 'holdfast.repair' },
    });
  });

  it('is an error that names the setting when its Python cannot be used', () => {
    const setting = { path: '/x/python', why: 'does not exist' };
    const state: HelperState = {
      kind: 'no-python',
      search: { python: null, passedOver: [setting], setting },
      asked: false,
    };
    const status = describeStatus(state, null);
    expect(status.severity).toBe('error');
    expect(status.detail).toBe(whyNotRunning(state));
    expect(status.detail).toContain('“holdfast.interpreter”, /x/python, does not exist');
  });

  it('is an error with a way out after too many crashes', () => {
    expect(describeStatus({ kind: 'failed' }, null)).toMatchObject({
      severity: 'error',
      command: { command: 'holdfast.restart' },
    });
  });
});

describe('the pickers', () => {
  it('show why an environment is broken', () => {
    const item = environmentItem('/code', {
      ...OWN,
      path: '/code/app/.venv',
      state: 'broken',
      reason: 'bin/python leads to nowhere.',
    });
    expect(item.label).toBe('$(error) app/.venv');
    expect(item.detail).toBe('bin/python leads to nowhere.');
  });

  it('offer only environments that have a fix, each once', () => {
    const problem = (environment: string, fixes: Problem['fixes']): Problem => ({
      rule: 'home-missing',
      severity: 'error',
      message: `${environment} is broken`,
      file: '',
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      environment,
      fixes,
      related: [],
    });
    const fix = { id: 'relink', title: 'Relink', safe: true, preferred: true };
    const items = environmentsWithProblems({
      environments: [],
      problems: [problem('/code/a', [fix]), problem('/code/a', [fix]), problem('/code/b', [])],
    });
    expect(items.map(({ label, value }) => [label, value])).toEqual([['a', '/code/a']]);
    expect(items[0]?.detail).toBe('/code/a is broken (and 1 more)');
  });

  it('offer all safe fixes at once only where there are several', () => {
    const planned = (id: string, safe: boolean) => ({
      fix: { id, title: id, safe, preferred: safe },
      problem: '',
      steps: ['one', 'two'],
    });
    const one = planItems('/env', [planned('a', true), planned('b', false)]);
    expect(one.map(({ value }) => value)).not.toContain('all');
    const several = planItems('/env', [planned('a', true), planned('b', true)]);
    expect(several[0]).toMatchObject({ value: 'all', detail: 'a · b' });
  });

  it('show each step of a fix below it, with paths from the environment on', () => {
    const item = {
      fix: { id: 'relink', title: 'Relink', safe: false, preferred: true },
      problem: '',
      steps: ['Link /env/bin/python to /usr/bin/python3.12', 'Rewrite home in /env/pyvenv.cfg'],
    };
    const items = planItems('/env', [item]);
    expect(items.map(({ label, description }) => `${label} ${description}`)).toEqual([
      '$(wrench) Relink may lose something: asks first',
      ' 1. Link bin/python to /usr/bin/python3.12',
      ' 2. Rewrite home in pyvenv.cfg',
    ]);
    expect(items.every(({ value }) => value === item)).toBe(true);
  });
});

it('progress is passed on as differences', () => {
  const reports: object[] = [];
  const part = onPart({ report: (value) => reports.push(value) });
  part({ kind: 'begin', title: 'Creating', percentage: 0 });
  part({ kind: 'report', percentage: 40, message: 'Copying' });
  part({ kind: 'report', percentage: 30 });
  part({ kind: 'report', percentage: 100, message: 'Done' });
  part({ kind: 'end' });
  expect(reports).toEqual([
    { increment: 0 },
    { increment: 40, message: 'Copying' },
    { increment: 0 },
    { increment: 60, message: 'Done' },
  ]);
});

it('progress says a long line in short', () => {
  const reports: { message?: string }[] = [];
  const part = onPart({ report: (value) => reports.push(value) });
  part({ kind: 'report', message: `Collecting ${'x'.repeat(500)}` });
  expect(reports[0]?.message).toMatch(/^Collecting x+…$/);
  expect(reports[0]?.message?.length).toBe(100);
});

it('good news counts the environments', () => {
  expect([0, 1, 3].map(goodNews)).toEqual([
    'There are no environments in this workspace.',
    'The environment is healthy.',
    'All 3 environments are healthy.',
  ]);
});

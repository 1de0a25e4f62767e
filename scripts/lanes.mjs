// What `npm test` runs, a lane per kind of test. Each lane makes sure of what it needs by itself.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { readJunit } from './junit.mjs';
import { nodePackages } from './node.mjs';
import { buildVsix } from './package.mjs';
import { artifacts, root } from './paths.mjs';
import { pythonTools } from './tools.mjs';

const scriptTests = join('tests', 'scripts');

/**
 * The lanes in the order in which they run.
 *
 * A lane that runs `beside` others is not waited for: it is the longest, and those that drive VS Code wait much.
 * `needs` are tools without which the lane is skipped; `wants` are tools without which it skips some of its tests.
 * `run` gets the path of the lane's log and returns what `readJunit` returns.
 */
export const lanes = [
  { name: 'check', about: 'formatting, lint and types', run: checks },
  { name: 'extension', about: 'the TypeScript shell', run: (log) => vitest('extension', [], log) },
  { name: 'package', about: 'the built .vsix and wheel', run: (log) => packageTests(log) },
  {
    name: 'python',
    about: 'the helper',
    beside: true,
    wants: [
      'a Python that carries pip',
      'pypy3',
      'python3-dbg',
      'bsd-csh',
      'busybox',
      'fish',
      'git',
      'ksh93',
      'tcsh',
      'wine',
      'xonsh',
      'zsh',
      'nvim',
      'mkfs.btrfs',
      'mkfs.exfat',
      'mount.exfat-fuse',
    ],
    run: pytest,
  },
  {
    name: 'scripts',
    about: 'the scripts of this repository',
    run: (log) => nodeTests('scripts', unitTests(), log),
  },
  {
    name: 'start',
    about: 'npm start',
    wants: ['chromium'],
    run: (log) => nodeTests('start', [join(scriptTests, 'start.test.mjs')], log),
  },
  {
    name: 'vscode',
    about: 'Holdfast in a real VS Code',
    needs: ['chromium', 'g++', 'make', 'a Python that carries pip'],
    wants: ['mkfs.exfat', 'mount.exfat-fuse'],
    run: (log) => vitest('vscode', ['--config', join('tests', 'vscode', 'vitest.config.mts')], log),
  },
];

async function checks(log) {
  const result = await check({ log: (text) => log.write(`${text}\n`) });
  return { passed: result.passed.length, failed: result.failed, skipped: [] };
}

async function packageTests(log) {
  await buildVsix();
  return nodeTests('package', [join(scriptTests, 'package.test.mjs')], log);
}

async function vitest(lane, args, log) {
  await nodePackages();
  const report = freshReport(lane);
  const script = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=junit', `--outputFile.junit=${report}`];
  return judge(await log.run(process.execPath, [script, 'run', ...args, ...reporters]), report);
}

/** Tests of one file stay together: they share what they set up. The order of the files is tests/python/conftest.py's. */
const parallel = ['-n', 'auto', '--dist', 'loadfile', '--no-loadscope-reorder'];

async function pytest(log) {
  const report = freshReport('python');
  const python = await pythonTools();
  return judge(
    await log.run(python, ['-m', 'pytest', ...parallel, '--durations=10', `--junitxml=${report}`]),
    report,
  );
}

async function nodeTests(lane, files, log) {
  await nodePackages();
  const report = freshReport(lane);
  const reporter = (name, destination) => [
    `--test-reporter=${name}`,
    `--test-reporter-destination=${destination}`,
  ];
  const args = ['--test', ...reporter('spec', 'stdout'), ...reporter('junit', report)];
  return judge(await log.run(process.execPath, [...args, ...files]), report);
}

/** Every test of the scripts that is not a lane of its own. */
function unitTests() {
  return readdirSync(join(root, scriptTests))
    .filter(
      (name) =>
        name.endsWith('.test.mjs') && !['package.test.mjs', 'start.test.mjs'].includes(name),
    )
    .map((name) => join(scriptTests, name));
}

function freshReport(lane) {
  const report = join(artifacts(), `${lane}.xml`);
  rmSync(report, { force: true });
  return report;
}

/** A runner that fails although no test did has failed outside of its tests. */
function judge({ code }, report) {
  if (code !== 0 && !existsSync(report)) {
    return { passed: 0, failed: [`the runner ended with code ${code} and no report`], skipped: [] };
  }
  const result = readJunit(report);
  if (code !== 0 && !result.failed.length) {
    result.failed.push(`the runner ended with code ${code}`);
  }
  return result;
}

// Formatting, lint and types of both languages. `npm run check [-- --fix]`

import './require-node.mjs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodePackages } from './node.mjs';
import { root } from './paths.mjs';
import { indent, run } from './run.mjs';
import { green, main, red } from './terminal.mjs';
import { pythonTools } from './tools.mjs';

/**
 * Runs every check, also after one has failed.
 *
 * @param {{fix?: boolean, log?: (text: string) => void}} options `fix` lets formatters and linters change files
 * @returns {Promise<{passed: string[], failed: string[]}>} the checks' names
 */
export async function check({ fix = false, log = console.log } = {}) {
  await nodePackages();
  const python = await pythonTools();
  const result = { passed: [], failed: [] };
  for (const [name, command, args] of checks(python, fix)) {
    const { code, output } = await run(command, args);
    result[code === 0 ? 'passed' : 'failed'].push(name);
    log(code === 0 ? `${green('✓')} ${name}` : `${red('✗')} ${name}\n${indent(output.trim())}`);
  }
  return result;
}

function checks(python, fix) {
  const node = (...parts) => [process.execPath, join(root, 'node_modules', ...parts)];
  const [biome, biomeScript] = node('@biomejs', 'biome', 'bin', 'biome');
  const [tsc, tscScript] = node('typescript', 'bin', 'tsc');
  const mypy = ['-m', 'mypy', '--strict'];
  const testTypes = join('tests', 'python', 'mypy.ini');
  return [
    ['biome', biome, [biomeScript, 'check', ...(fix ? ['--write'] : ['--error-on-warnings']), '.']],
    ['tsc', tsc, [tscScript, '--noEmit']],
    ['tsc tests/vscode', tsc, [tscScript, '--noEmit', '-p', 'tests/vscode']],
    ['ruff format', python, ['-m', 'ruff', 'format', ...(fix ? [] : ['--check', '--diff']), '.']],
    ['ruff check', python, ['-m', 'ruff', 'check', ...(fix ? ['--fix'] : []), '.']],
    ['mypy', python, mypy],
    [
      'mypy outside the package',
      python,
      [...mypy, 'scripts/sample.py', 'benchmarks/measure.py', 'server/launch.py'],
    ],
    ['mypy in the tests', python, ['-m', 'mypy', '--config-file', testTypes, 'tests/python']],
  ];
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  await main(async (args) => {
    const { failed } = await check({ fix: args.includes('--fix') });
    return failed.length ? 1 : 0;
  });
}

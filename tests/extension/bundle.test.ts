import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { expect, it } from 'vitest';
// @ts-expect-error Plain JavaScript, like every script.
import { build } from '../../scripts/build.mjs';

it('the bundle needs nothing that is not there: only Node’s own modules and vscode', async () => {
  const source = readFileSync(await build(), 'utf8');
  const required = [...source.matchAll(/\brequire\(\s*["'`]([^"'`]+)["'`]\s*\)/g)].map(
    ([, name = '']) => name.replace(/^node:/, ''),
  );
  expect(required).toContain('vscode');
  expect(required.filter((name) => name !== 'vscode' && !builtinModules.includes(name))).toEqual(
    [],
  );
  // What is required by a name that is only known at run time cannot have been bundled either.
  expect(source.includes('./impl/')).toBe(false);
});

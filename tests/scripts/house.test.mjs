import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle, isCompiled } from '../../scripts/bundle.mjs';
import { bundled, root } from '../../scripts/paths.mjs';
import { findPython } from '../../scripts/python.mjs';
import { run } from '../../scripts/run.mjs';
import { hashOf } from '../../scripts/stamp.mjs';
import { temporaryFolder } from './temporary.mjs';

const locks = [
  'server/requirements.txt',
  'requirements/dev.txt',
  'package-lock.json',
  'scripts/vscode/package-lock.json',
];

for (const lock of locks) {
  test(`${lock} names no registry, and every package has a hash`, () => {
    const text = readFileSync(join(root, lock), 'utf8');
    assert.doesNotMatch(text, /"resolved"|index-url|find-links|"registry"/);
    if (lock.endsWith('.txt')) {
      assert.doesNotMatch(text, /:\/\//);
      for (const [requirement] of text.matchAll(/^\S+==.*$(?:\n {4}.*$)*/gm)) {
        assert.match(requirement, /--hash=sha256:/);
      }
    } else {
      for (const [path, facts] of Object.entries(JSON.parse(text).packages)) {
        assert.ok(path === '' || facts.integrity || facts.inBundle, path);
      }
    }
  });
}

test('the tools are tested with the very libraries that are bundled', () => {
  const versions = (lock) =>
    new Map(
      [...readFileSync(join(root, lock), 'utf8').matchAll(/^(\S+)==(\S+)/gm)].map(
        ([, name, version]) => [name, version],
      ),
    );
  const tools = versions('requirements/dev.txt');
  for (const [name, version] of versions('server/requirements.txt')) {
    assert.equal(tools.get(name), version, name);
  }
});

test('the bundle is pure Python, has its licences and imports from 3.10 on', async () => {
  const python = (await findPython()).path;
  await bundle(python);
  const files = readdirSync(bundled, { recursive: true });
  // What Python keeps there of its own once the helper has run stays out of the package (.vscodeignore).
  assert.deepEqual(
    files.filter((name) => isCompiled(name) && !name.includes('__pycache__')),
    [],
  );
  for (const name of files.filter((file) => /^[^/\\]+\.dist-info$/.test(file))) {
    assert.ok(existsSync(join(bundled, name, 'licenses')), name);
  }
  const program = `import sys; sys.path.insert(0, ${JSON.stringify(bundled)}); import pygls.lsp.server, exceptiongroup, tomli; print(pygls.__file__)`;
  const { output } = await run(python, ['-I', '-B', '-c', program]);
  assert.ok(output.startsWith(bundled), output);
});

test('compiled files are known by their names', () => {
  assert.deepEqual(['a.so', 'b.so.1.2', 'c.PYD', 'd.py', 'so.txt', 'e.pyc'].map(isCompiled), [
    true,
    true,
    true,
    false,
    false,
    true,
  ]);
});

test('a stamp changes with a file, with its name and with its absence', (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'file');
  const absent = hashOf(file);
  writeFileSync(file, 'one');
  const one = hashOf(folder);
  writeFileSync(file, 'two');
  const two = hashOf(folder);
  assert.equal(new Set([absent, one, two]).size, 3);
  assert.equal(hashOf(folder), two);
});

test('a Node that is too old is told so before anything else', async () => {
  const program =
    "Object.defineProperty(process.versions, 'node', { value: '18.19.0' }); await import('./scripts/require-node.mjs'); console.log('went on')";
  const { code, output } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  assert.equal(code, 1);
  assert.match(output, /needs Node 20 or newer, and this is Node 18\.19\.0/);
  assert.doesNotMatch(output, /went on/);
});

test('the pip that the repository carries is the one that was published', () => {
  const folder = join(root, 'scripts', 'wheels');
  const [name, ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  const sha256 = createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex');
  assert.match(readFileSync(join(root, 'scripts', 'pip.mjs'), 'utf8'), new RegExp(`'${sha256}'`));
});

// What is in holdfast.vsix and in the wheel, and whether the helper runs out of each of them.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isCompiled } from '../../scripts/bundle.mjs';
import { buildVsix } from '../../scripts/package.mjs';
import { root } from '../../scripts/paths.mjs';
import { pip } from '../../scripts/pip.mjs';
import { allPythons, findPython } from '../../scripts/python.mjs';
import { run } from '../../scripts/run.mjs';
import { zipEntries } from '../../scripts/zip.mjs';
import { startHelper } from './language-client.mjs';
import { temporaryFolder } from './temporary.mjs';

const vsix = await buildVsix();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

test('the package is under 3 MB, has what it needs and nothing else', () => {
  assert.ok(statSync(vsix).size < 3_000_000, `${statSync(vsix).size} bytes`);
  const names = zipEntries(vsix);
  const needed = [
    ...[
      'package.json',
      'readme.md',
      'changelog.md',
      'LICENSE.txt',
      'extension/icon.png',
      'dist/extension.js',
    ],
    ...['server/launch.py', 'server/holdfast/__init__.py', 'server/holdfast/lsp/protocol.py'],
    ...[
      'server/bundled/pygls/__init__.py',
      'server/bundled/exceptiongroup/__init__.py',
      'docs/rules/interpreter-dangling.md',
    ],
  ];
  for (const name of needed) {
    assert.ok(names.includes(`extension/${name}`), `${name} is missing`);
  }
  const wanted =
    /^(\[Content_Types\]\.xml|extension\.vsixmanifest|extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt|extension\/icon\.png|dist\/extension\.js|docs\/.*|server\/(launch\.py|holdfast\/.*|bundled\/.*)))$/;
  assert.deepEqual(
    names.filter((name) => !wanted.test(name)),
    [],
  );
});

test('the package has no compiled file and no cache', () => {
  const names = zipEntries(vsix);
  assert.deepEqual(
    names.filter((name) => isCompiled(name) || name.includes('__pycache__')),
    [],
  );
});

for (const python of await allPythons()) {
  test(`the helper runs out of the package on Python ${python.release} (${python.path})`, async (t) => {
    const folder = temporaryFolder(t);
    await run(python.path, ['-I', '-m', 'zipfile', '-e', vsix, folder]);
    const launch = join(folder, 'extension', 'server', 'launch.py');

    const said = await run(python.path, ['-I', launch, '--version'], { cwd: folder });
    assert.equal(said.output, `holdfast ${version}\n`);

    const workspace = join(folder, 'workspace');
    const config = brokenEnvironment(join(workspace, '.venv'), python.release);
    const helper = startHelper(t, python.path, launch);
    const { capabilities } = await helper.request('initialize', {
      processId: process.pid,
      capabilities: { textDocument: { publishDiagnostics: {} } },
      workspaceFolders: [{ uri: pathToFileURL(workspace).href, name: 'workspace' }],
      initializationOptions: {
        trusted: true,
        settings: { environment: '.venv', searchPaths: [], exclude: [] },
      },
    });
    assert.ok(capabilities.executeCommandProvider.commands.includes('holdfast.server.repair'));
    helper.notify('initialized', {});
    const { uri, diagnostics } = await helper.notified('textDocument/publishDiagnostics');
    assert.equal(uri, pathToFileURL(config).href);
    assert.deepEqual(
      diagnostics.map(({ code, source }) => [code, source]),
      [['interpreter-dangling', 'Holdfast']],
    );
    await helper.request('shutdown', null);
    helper.notify('exit', null);
    assert.equal(await helper.ended, 0);
    assert.doesNotMatch(helper.errors(), /Traceback/);
  });
}

test('pip install . gives the command holdfast', async (t) => {
  const folder = temporaryFolder(t);
  const base = (await findPython()).path;
  await run(base, ['-I', '-m', 'venv', '--without-pip', join(folder, 'env')]);
  const bin = join(folder, 'env', 'bin');
  await pip(join(bin, 'python'), ['install', '--quiet', root]);
  const said = await run(join(bin, 'holdfast'), ['--version'], { cwd: folder });
  assert.equal(said.output, `holdfast ${version}\n`);

  brokenEnvironment(join(folder, 'project', '.venv'), '3.11.1');
  const checked = await run(join(bin, 'holdfast'), ['check', 'project', '--format', 'json'], {
    cwd: folder,
  });
  assert.equal(checked.code, 1, checked.output);
  const { problems } = JSON.parse(checked.stdout);
  assert.deepEqual(
    problems.map(({ rule }) => rule),
    ['interpreter-dangling'],
  );
});

/** An environment whose base is gone, as text and links; returns the file on which its problem stands. */
function brokenEnvironment(folder, release) {
  const gone = join(folder, '..', 'gone', 'bin');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  symlinkSync(join(gone, 'python3'), join(folder, 'bin', 'python'));
  const config = join(folder, 'pyvenv.cfg');
  writeFileSync(
    config,
    `home = ${gone}\ninclude-system-site-packages = false\nversion = ${release}\n`,
  );
  return config;
}

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readJunit } from '../../scripts/junit.mjs';
import { run } from '../../scripts/run.mjs';
import { temporaryFolder } from './temporary.mjs';

function report(t, xml) {
  const path = join(temporaryFolder(t), 'report.xml');
  writeFileSync(path, xml);
  return path;
}

test('counts what passed, failed and was skipped, and why', (t) => {
  const xml = `<testsuites><testsuite>
    <testcase name="a &gt; b" time="0.1"/>
    <testcase name="fine"><system-out>said: &lt;failure&gt;</system-out></testcase>
    <testcase name="wrong &quot;x&quot;"><failure message="no">trace</failure></testcase>
    <testcase name="crashed"><error message="x"/></testcase>
    <testcase name="later"><skipped type="pytest.skip" message="needs &#x27;wine&#x27;">x</skipped></testcase>
  </testsuite></testsuites>`;
  assert.deepEqual(readJunit(report(t, xml)), {
    passed: 2,
    failed: ['wrong "x"', 'crashed'],
    skipped: [{ test: 'later', reason: "needs 'wine'" }],
  });
});

test('a runner that found no test has failed', (t) => {
  assert.throws(() => readJunit(report(t, '<testsuites></testsuites>')), /found no test/);
  assert.throws(() => readJunit('/does/not/exist.xml'), /without a report/);
});

test('the command says which lanes there are when one is misspelt', async () => {
  const { code, output } = await run(process.execPath, ['scripts/test.mjs', 'pythn']);
  assert.equal(code, 1);
  assert.match(output, /There is no lane pythn\. The lanes: check, .*vscode/);
});

// Every test. `npm test`, or some lanes of it: `npm test -- python vscode`

import './require-node.mjs';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isCi, needTools } from './debian.mjs';
import { lanes } from './lanes.mjs';
import { artifacts, root } from './paths.mjs';
import { indent, run, tail } from './run.mjs';
import { bold, dim, Failure, green, main, red, seconds, yellow } from './terminal.mjs';

await main(async (names) => {
  if (names.includes('--help')) {
    console.log('npm test [-- LANE…]: every lane, or those that are named.\n');
    console.log(lanes.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n'));
    return 0;
  }
  const unknown = names.filter((name) => !lanes.some((lane) => lane.name === name));
  if (unknown.length) {
    throw new Failure(
      `There is no lane ${unknown.join(', ')}. The lanes: ${lanes.map(({ name }) => name).join(', ')}`,
    );
  }
  const chosen = lanes.filter(({ name }) => !names.length || names.includes(name));
  await installTools(chosen);
  const running = [];
  for (const lane of chosen) {
    const result = runLane(lane);
    running.push(result);
    if (!lane.beside) {
      await result;
    }
  }
  return summary(await Promise.all(running));
});

/** In one go, before lanes that run side by side would ask apt-get for theirs. Each says itself what it lacks. */
async function installTools(chosen) {
  try {
    await needTools(chosen.flatMap(({ needs = [], wants = [] }) => [...needs, ...wants]));
  } catch (error) {
    console.log(error.message);
  }
}

async function runLane(lane) {
  console.log(bold(`\n${lane.name}`), dim(lane.about));
  const started = Date.now();
  const path = join(artifacts(), `${lane.name}.log`);
  writeFileSync(path, '');
  const result = { lane: lane.name, path, ...(await outcome(lane, laneLog(path))) };
  result.time = Date.now() - started;
  if (result.failed.length) {
    console.log(indent(tail(readFileSync(path, 'utf8'), 100)));
  }
  console.log(line(result));
  return result;
}

async function outcome(lane, log) {
  const nothing = { passed: 0, failed: [], skipped: [] };
  try {
    const missing = await needTools([...(lane.needs ?? []), ...(lane.wants ?? [])]);
    if (missing && isCi) {
      return { ...nothing, failed: [missing] };
    }
    const needed = lane.needs && missing && (await needTools(lane.needs));
    if (needed) {
      return { ...nothing, skipped: [{ test: 'the whole lane', reason: needed }] };
    }
    return await lane.run(log);
  } catch (error) {
    const message = error instanceof Failure ? error.message : (error.stack ?? String(error));
    log.write(`${message}\n`);
    return { ...nothing, failed: [message.split('\n')[0]] };
  }
}

/** A lane's log, which takes text and the whole output of commands. */
function laneLog(path) {
  const write = (text) => appendFileSync(path, text);
  return {
    write,
    run: (command, args) =>
      run(command, args, { onOutput: write, env: { ...process.env, NO_COLOR: '1' } }),
  };
}

function line({ lane, passed, failed, skipped, time }) {
  const sign = failed.length ? red('✗') : passed ? green('✓') : yellow('-');
  return `${sign} ${lane.padEnd(10)} ${counts(passed, failed.length, skipped.length)} ${dim(`(${seconds(time)})`)}`;
}

function counts(passed, failed, skipped) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

function summary(results) {
  console.log(bold('\nSummary'));
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results) {
    console.log(line(result));
    for (const test of result.failed) {
      console.log(`    ${red('failed')} ${test}`);
    }
    for (const [reason, tests] of byReason(result.skipped)) {
      const what = tests.length === 1 ? tests[0] : `${tests.length} tests`;
      console.log(`    ${yellow('skipped')} ${what}: ${reason}`);
    }
    total.passed += result.passed;
    total.failed += result.failed.length;
    total.skipped += result.skipped.length;
  }
  console.log(dim(`Logs and screenshots: ${relative(root, artifacts())}`));
  console.log(counts(total.passed, total.failed, total.skipped));
  return total.failed ? 1 : 0;
}

function byReason(skipped) {
  const groups = new Map();
  for (const { test, reason } of skipped) {
    groups.set(reason, [...(groups.get(reason) ?? []), test]);
  }
  return groups;
}

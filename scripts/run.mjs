// Runs a command to its end.

import { spawn } from 'node:child_process';
import { root } from './paths.mjs';
import { Failure } from './terminal.mjs';

/**
 * Runs a command without a shell and waits for it.
 *
 * @param {string} command an executable
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>, onOutput?: (text: string) => void, timeout?: number, verbatim?: boolean}} options
 *   `onOutput` gets the output as it comes, `verbatim` quotes nothing on Windows.
 * @returns {Promise<{code: number, output: string, stdout: string}>} `code` is -1 when it could not be started or was killed
 */
export function run(
  command,
  args,
  { cwd = root, env = process.env, onOutput, timeout, verbatim } = {},
) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      timeout,
      windowsVerbatimArguments: verbatim,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let stdout = '';
    const collect = (chunk) => {
      output += chunk;
      onOutput?.(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
      collect(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', collect);
    const end = (code) => {
      resolve({ code: code ?? -1, output, stdout });
    };
    child.on('error', (error) => {
      collect(`${error.message}\n`);
      end(-1);
    });
    child.on('close', end);
  });
}

/**
 * Runs a command that has to succeed.
 *
 * @param {string} advice what the person can do when it fails
 * @throws Failure with the advice and the end of the command's output
 */
export async function mustRun(command, args, { advice, ...options }) {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    throw new Failure(`${advice}\n${indent(tail(result.output, 25))}`);
  }
  return result;
}

/** The last lines of a text. */
export function tail(text, lines) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** The text with every line moved to the right. */
export function indent(text) {
  return text.replace(/^/gm, '    ');
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './server.js';
import { until } from './waiting.js';

/** The folder into which this VS Code writes its logs. */
export function logsOf(server: Server): string {
  return join(server.folder, 'data', 'data', 'logs');
}

/** What Holdfast has written into its output channel, in all windows of this VS Code. */
export function holdfastLog(server: Server): string {
  const logs = logsOf(server);
  if (!existsSync(logs)) {
    return '';
  }
  return readdirSync(logs, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('holdfast') && path.endsWith('Holdfast.log'))
    .map((path) => readFileSync(join(logs, path), 'utf8'))
    .join('\n');
}

/** Waits until a line of the log holds all these texts. */
export async function logSays(server: Server, ...texts: string[]): Promise<void> {
  await until(
    `the log says ${texts.join(' … ')}`,
    () =>
      holdfastLog(server)
        .split('\n')
        .some((line) => texts.every((text) => line.includes(text))),
    { last: () => holdfastLog(server).split('\n').slice(-10) },
  );
}

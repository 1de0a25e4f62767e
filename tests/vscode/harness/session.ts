import { cpSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { startBrowser } from './browser.js';
import { logsOf } from './log.js';
import { artifact } from './paths.js';
import { type Server, type ServerOptions, startServer } from './server.js';
import { closeWindow, openWindow, screenshot, type WindowOptions } from './window.js';

/** One VS Code for the tests of a file. */
export interface Session {
  server: Server;
  /** Opens a window for the running test; it closes with the test, and a failed test leaves a picture of it. */
  open(path: string, options?: WindowOptions): Promise<Page>;
}

/**
 * Starts a VS Code before the first test of the file and stops it after the last one.
 *
 * @param options are read when it starts, so that they may use what an earlier hook has made
 */
export function useVscode(options: () => ServerOptions = () => ({})): Session {
  let server: Server | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(options()), startBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  return {
    get server() {
      return started(server);
    },
    async open(path, windowOptions) {
      const page = await openWindow(started(browser), started(server), path, windowOptions);
      onTestFinished(async ({ task }) => {
        if (task.result?.state === 'fail') {
          const name = `failed: ${task.name}`.replaceAll('/', '-');
          await screenshot(page, name);
          cpSync(logsOf(started(server)), artifact(name), { recursive: true });
        }
        await closeWindow(page);
      });
      return page;
    },
  };
}

function started<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) {
    throw new Error('VS Code is started in a hook; use it in a test.');
  }
  return thing;
}

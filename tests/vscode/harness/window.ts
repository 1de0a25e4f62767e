import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { artifact } from './paths.js';
import { takeFirst } from './quick-input.js';
import type { Server } from './server.js';
import { sleep } from './waiting.js';

export interface WindowOptions {
  width?: number;
  height?: number;
  /** Device pixels per pixel. */
  scale?: number;
}

/** Opens a window on a folder or `.code-workspace` file and waits until its extensions have started. */
export async function openWindow(
  browser: Browser,
  server: Server,
  path: string,
  { width = 1280, height = 800, scale = 1 }: WindowOptions = {},
): Promise<Page> {
  // A context of its own: the browser's storage, where VS Code keeps a window's state, starts empty.
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
  });
  const page = await context.newPage();
  await page.goto(server.address(path));
  await page.locator('.statusbar-item').first().waitFor({ timeout: 60_000 });
  await page.locator('.monaco-workbench').waitFor();
  return page;
}

export async function closeWindow(page: Page): Promise<void> {
  await page.context().close();
}

/** Runs a command through the palette, as its title is listed there. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await takeFirst(page, 'F1', `>${title}`, title);
}

/** Opens a file of the workspace in the editor, by its path below the folder. */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = basename(path);
  await takeFirst(page, 'Control+P', path, name);
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

/** Lets the window lose the focus and get it again, as when somebody works in a terminal in between. */
export async function leaveAndComeBack(page: Page): Promise<void> {
  await page.evaluate(`
    document.hasFocus = () => false;
    window.dispatchEvent(new Event('blur'));
  `);
  await sleep(500); // VS Code ignores a focus that is lost for a moment only
  await page.evaluate(`
    document.hasFocus = () => true;
    window.dispatchEvent(new Event('focus'));
  `);
}

/** Keeps a picture of the window among the artefacts. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await sleep(250); // lets the menus' and lists' animations end
  await page.screenshot({ path: artifact(`${name}.png`) });
}

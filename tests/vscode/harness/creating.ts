import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { enter, openedQuickInput, pick, quickInputValue } from './quick-input.js';
import { until } from './waiting.js';
import { runCommand } from './window.js';

/** Answers the questions of Create venv… in a folder that has none yet; `requirements` are ticked. */
export async function create(page: Page, name: string, requirements?: string): Promise<void> {
  await runCommand(page, 'Holdfast: Create venv');
  await openedQuickInput(page);
  await pick(page, inject('python'));
  await until('the name is asked for', async () => (await quickInputValue(page)) === '.venv');
  await enter(page, name);
  if (requirements !== undefined) {
    await pick(page, requirements);
    await page.keyboard.press('Enter');
  }
}

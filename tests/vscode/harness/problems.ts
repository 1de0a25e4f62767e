import type { Locator, Page } from 'playwright-core';
import { until } from './waiting.js';
import { runCommand } from './window.js';

const panel = '.markers-panel';

/** Shows the Problems panel, if it does not stand there already. */
export async function showProblems(page: Page): Promise<void> {
  if (!(await page.locator(panel).isVisible())) {
    await runCommand(page, 'Problems: Focus on Problems View');
    await page.locator(panel).waitFor();
  }
}

/** The texts of the rows: one of each file, and one of each problem below it. */
export async function problemRows(page: Page): Promise<string[]> {
  await showProblems(page);
  const texts = await page.locator(`${panel} .monaco-list-row`).allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** The row of the problem with these texts in it. */
export function problemRow(page: Page, ...texts: string[]): Locator {
  return texts.reduce(
    (rows, text) => rows.filter({ hasText: text }),
    page.locator(`${panel} .monaco-list-row`).filter({ has: page.locator('.marker-icon') }),
  );
}

/** Waits until a problem with these texts is listed. */
export async function problemAppears(page: Page, ...texts: string[]): Promise<Locator> {
  await showProblems(page);
  const row = problemRow(page, ...texts);
  await until(`Problems shows ${texts.join(' and ')}`, async () => (await row.count()) > 0, {
    last: () => problemRows(page),
  });
  return row.first();
}

/** Waits until no problem is listed that has these texts in it; without texts: until none is listed. */
export async function problemsVanish(page: Page, ...texts: string[]): Promise<void> {
  await showProblems(page);
  await until(
    `Problems no longer shows ${texts.join(' and ') || 'anything'}`,
    async () => (await problemRow(page, ...texts).count()) === 0,
    { last: () => problemRows(page) },
  );
}

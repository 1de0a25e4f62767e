import type { Locator, Page } from 'playwright-core';
import { until } from './waiting.js';

const input = '.quick-input-widget input';
const rows = '.quick-input-list .monaco-list-row';

/** Waits for the box at the top of the window: the palette, a list to pick from, or a question. */
export async function openedQuickInput(page: Page, timeout = 10_000): Promise<void> {
  await page.locator(input).first().waitFor({ timeout });
}

/** The title of the box, or its placeholder where it has none. */
export async function quickInputTitle(page: Page): Promise<string> {
  const title = await page.locator('.quick-input-title').innerText();
  return title || ((await page.locator(input).first().getAttribute('placeholder')) ?? '');
}

/** What stands in the text field. */
export function quickInputValue(page: Page): Promise<string> {
  return page.locator(input).first().inputValue();
}

/** The message below the text field: a hint, or what is wrong with the entry. */
export function quickInputMessage(page: Page): Promise<string> {
  return page.locator('.quick-input-message').innerText();
}

/** The texts of the rows that are shown. */
export async function quickPickRows(page: Page): Promise<string[]> {
  const labels = await page.locator(rows).allInnerTexts();
  return labels.map((label) => label.replaceAll(/\s+/g, ' ').trim());
}

/** Picks the first row with this text. */
export async function pick(page: Page, text: string | RegExp): Promise<void> {
  const row: Locator = page.locator(rows).filter({ hasText: text }).first();
  await row.waitFor();
  await row.click();
}

/** Replaces the text and accepts it. In a list this takes the row that the text finds first. */
export async function enter(page: Page, text: string): Promise<void> {
  const field = page.locator(input).first();
  await field.fill(text);
  if (text.startsWith('>')) {
    const wanted = text.slice(1).trim();
    await until(`the palette lists “${wanted}”`, async () =>
      (await quickPickRows(page))[0]?.includes(wanted),
    );
  }
  await page.keyboard.press('Enter');
}

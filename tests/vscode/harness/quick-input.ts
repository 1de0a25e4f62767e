import type { Page } from 'playwright-core';
import { until } from './waiting.js';

const input = '.quick-input-widget input';
const rows = '.quick-input-list .monaco-list-row';

/** Waits for the box at the top of the window: the palette, a list to pick from, or a question. */
export async function openedQuickInput(page: Page, timeout = 30_000): Promise<void> {
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
  const row = page.locator(rows).filter({ hasText: text }).first();
  await row.waitFor();
  await row.click();
}

/** Replaces the text of a question and accepts it. */
export async function enter(page: Page, text: string): Promise<void> {
  await page.locator(input).first().fill(text);
  await page.keyboard.press('Enter');
}

/**
 * Opens a list by its key, types, and takes the row that then stands first.
 *
 * The key is pressed again when the list does not open or closes under our hands: a window that is still starting
 * moves the focus about.
 */
export async function takeFirst(page: Page, key: string, text: string, row: string): Promise<void> {
  const field = page.locator(input).first();
  await until(
    `“${text}” is taken from the list`,
    async () => {
      if (!(await field.isVisible())) {
        await page.keyboard.press(key);
        await field.waitFor({ timeout: 2000 });
      }
      try {
        await field.fill(text, { timeout: 1000 });
        await page.locator(rows).first().filter({ hasText: row }).waitFor({ timeout: 2000 });
      } catch (error) {
        // What the palette lists was decided when it opened, perhaps before our commands were there.
        await page.keyboard.press('Escape');
        throw error;
      }
      await page.keyboard.press('Enter');
      return true;
    },
    { timeout: 40_000, last: () => quickPickRows(page) },
  );
}

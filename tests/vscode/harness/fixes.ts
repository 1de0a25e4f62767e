import type { Locator, Page } from 'playwright-core';
import { sleep, until } from './waiting.js';

const editorMenu = '.action-widget .monaco-list-row';
const panelMenu = '.monaco-menu .action-item';

/** Opens the menu of fixes at the cursor of the editor, and returns the row with this title. */
export async function fixInEditor(page: Page, title: string | RegExp): Promise<Locator> {
  await page.locator('.editor-instance .monaco-editor').first().waitFor();
  return opened(page, page.locator(editorMenu).filter({ hasText: title }).first());
}

/** Opens the menu of fixes on a row of the Problems panel, and returns the item with this title. */
export async function fixInProblems(
  page: Page,
  row: Locator,
  title: string | RegExp,
): Promise<Locator> {
  return opened(page, page.locator(panelMenu).filter({ hasText: title }).first(), row);
}

// The menu sometimes does not open at the first time: the fixes were not there yet, or the focus had not arrived.
async function opened(page: Page, item: Locator, row?: Locator): Promise<Locator> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await row?.click();
    await page.keyboard.press('Control+.');
    try {
      await item.waitFor({ timeout: 2000 });
      return item;
    } catch {
      await page.keyboard.press('Escape');
      await sleep(100);
    }
  }
  throw new Error(`No fix “${item}” is offered.`);
}

/**
 * Takes a fix from an open menu. A menu that has only just opened ignores the mouse, so it is clicked until it closes.
 *
 * @throws Error when the menu has closed before it was clicked, as it does when the problems are listed anew.
 */
export async function take(fix: Locator): Promise<void> {
  let clicked = false;
  await until('the menu of fixes has closed', async () => {
    if (await fix.isVisible()) {
      await fix.click({ timeout: 1000 });
      clicked = true;
      await fix.waitFor({ state: 'hidden', timeout: 500 });
    }
    return true;
  });
  if (!clicked) {
    throw new Error('The menu of fixes closed by itself.');
  }
}

/** Opens the menu on a row of the Problems panel and takes the fix with this title. */
export async function takeInProblems(
  page: Page,
  row: Locator,
  title: string | RegExp,
): Promise<void> {
  await until(`the fix ${title} is taken`, async () => {
    await take(await fixInProblems(page, row, title));
    return true;
  });
}

/** Waits until the editor says that it has no fix for where the cursor stands. */
export async function noFixInEditor(page: Page): Promise<void> {
  const message = page.locator('.monaco-editor-overlaymessage');
  await until('the editor says that there is no fix', async () => {
    await page.keyboard.press('Control+.');
    await message.waitFor({ timeout: 2000 });
    return /no (code actions|quick fixes)/i.test(await message.innerText());
  });
}

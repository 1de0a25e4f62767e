import type { Page } from 'playwright-core';
import { until } from './waiting.js';

const editor = '.editor-instance .monaco-editor';

/** Puts the focus into the editor and leaves its selection as it is. */
export async function focusEditor(page: Page): Promise<void> {
  await page.locator(editor).first().waitFor();
  await until('the editor has the focus', async () => {
    await page.keyboard.press('Control+1');
    return (await page.locator(`${editor}.focused`).count()) > 0;
  });
}

/** Types at the start of the file that is open. */
export async function typeAtStart(page: Page, text: string): Promise<void> {
  await focusEditor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(text);
}

/** How many letters are selected, as the status bar tells. */
export async function selectedLength(page: Page): Promise<number> {
  const position = await page.locator('.statusbar-item[id="status.editor.selection"]').innerText();
  return Number(/\((\d+) selected\)/.exec(position)?.[1] ?? 0);
}

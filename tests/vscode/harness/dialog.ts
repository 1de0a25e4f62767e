import type { Locator, Page } from 'playwright-core';

/** Waits for a modal question with this text and returns it. */
export async function dialogAppears(page: Page, text: string): Promise<Locator> {
  const found = page.locator('.monaco-dialog-box').filter({ hasText: text });
  await found.waitFor();
  return found;
}

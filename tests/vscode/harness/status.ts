import type { Page } from 'playwright-core';

/** The texts of the status bar's items, as they are read out. */
export async function statusBar(page: Page): Promise<string[]> {
  return page
    .locator('.statusbar-item')
    .evaluateAll((items) => items.map((item) => item.getAttribute('aria-label') ?? ''));
}

/** What Holdfast's language status says: it hides behind the {} of the status bar while a file it belongs to is open. */
export async function languageStatus(page: Page): Promise<string[]> {
  const item = page.locator('.statusbar-item[id="status.languageStatus"]');
  await item.waitFor();
  await item.hover();
  const rows = page.locator('.hover-language-status .element');
  await rows.first().waitFor();
  const texts = await rows.allInnerTexts();
  await page.mouse.move(600, 300);
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

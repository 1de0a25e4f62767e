import type { Locator, Page } from 'playwright-core';
import { until } from './waiting.js';

const toast = '.notification-toast';

/** The messages of the notifications that are shown. */
export async function notifications(page: Page): Promise<string[]> {
  return page.locator(`${toast} .notification-list-item-message`).allInnerTexts();
}

/** Waits for a notification with this text and returns it. */
export async function notificationAppears(page: Page, text: string | RegExp): Promise<Locator> {
  const found = page.locator(toast).filter({ hasText: text });
  await until(`a notification says “${text}”`, async () => (await found.count()) > 0, {
    last: () => notifications(page),
  });
  return found.first();
}

/** The titles of a notification's buttons. */
export function notificationButtons(notification: Locator): Promise<string[]> {
  return notification
    .locator('.notification-list-item-buttons-container .monaco-button')
    .allInnerTexts();
}

export async function press(notification: Locator, button: string): Promise<void> {
  await notification.locator('.monaco-button', { hasText: button }).click();
}

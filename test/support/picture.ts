import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/**
 * Takes a picture of the page for the documents, where `UPDATE_SCREENSHOTS=1 npm run test:browser` asks for them: as it looks once nothing
 * moves or fades any more.
 */
export async function picture(page: Page, name: string, { whole = false } = {}): Promise<void> {
  if (process.env.UPDATE_SCREENSHOTS !== '1') return;
  await mkdir(folder, { recursive: true });
  // Nothing is under the pointer, which is no part of a page.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: whole, animations: 'disabled' });
}

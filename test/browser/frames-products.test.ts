import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Frame } from 'playwright-core';
import { findings } from './axe.ts';
import { TOKEN, visitFrames } from './frames-visit.ts';

describe('the product picker', () => {
  const visit = visitFrames();
  const { page, openDeal, card, frame, whenClosed, ledger } = visit;

  // Before any is looked for: the pages keep for a minute what they read of them.
  beforeAll(async () => {
    const answer = await fetch(`${visit.url()}/v1/products`, {
      method: 'POST',
      headers: TOKEN,
      body: JSON.stringify({
        records: [
          { externalId: 'P-1', name: 'Walnut chair', sku: 'WCH', price: '250.00', currency: 'EUR' },
          { externalId: 'P-2', name: 'Walnut table', price: '900.00', currency: 'USD' },
        ].map((product) => ({ ...product, updatedAt: '2026-01-01T00:00:00Z' })),
      }),
    });
    expect(answer.status).toBe(202);
  });
  const control = (form: Frame, line: number, part: string) =>
    form.locator(`[name="lines[${line}].${part}"]`);
  const value = (form: Frame, line: number, part: string) => control(form, line, part).inputValue();
  const press = (form: Frame, name: string | RegExp) =>
    form.getByRole('button', { name, exact: true }).click();

  test('products are found by the description, chosen, and taken over with their price', async () => {
    await openDeal('7301');
    await card().getByRole('button', { name: 'Create invoice' }).click();
    const form = await frame();
    await form.getByLabel('Name').fill('Brightwater Hotels GmbH');
    await control(form, 0, 'description').fill('Second');
    await press(form, 'Add line');
    await control(form, 1, 'description').fill('walnut');
    await press(form, 'Find a product for line 2');
    await form.getByRole('button', { name: /^Walnut table/ }).waitFor();
    expect(await findings(form)).toEqual([]);
    await press(form, 'Move up line 2');
    await press(form, /^Walnut chair/);
    expect(await value(form, 0, 'description')).toBe('Walnut chair');
    expect(await value(form, 0, 'unitPrice')).toBe('250.00');
    expect(await form.locator('#totals .total').nth(1).innerText()).toBe('250.00 EUR');
    expect(await form.getByRole('button', { name: /^Walnut/ }).count()).toBe(0);
    await press(form, 'Remove line 2');
    await press(form, 'Save as draft');
    await whenClosed();
    expect(await ledger('7301')).toMatchObject([
      { lines: [{ description: 'Walnut chair', productExternalId: 'P-1', unitPrice: '250.00' }] },
    ]);
  });

  test('a line shows which product it is, lets it go, and asks for a price where the product’s is in another currency', async () => {
    await page().goto(await visit.frameAddress('7303', 'Create invoice'));
    const form = page().mainFrame();
    await control(form, 0, 'description').fill('walnut');
    await control(form, 0, 'unitPrice').fill('1');
    await press(form, 'Find a product for line 1');
    await press(form, /^Walnut table/);
    const words = form.getByText('This product is priced in USD: enter a price in EUR.');
    expect(await words.isVisible()).toBe(true);
    expect(await value(form, 0, 'unitPrice')).toBe('');
    expect(await form.getByText('Product P-2').isVisible()).toBe(true);
    expect(await findings(form)).toEqual([]);
    await page().keyboard.type('800');
    expect(await form.locator('#totals .total').nth(1).innerText()).toBe('800.00 EUR');
    expect(await words.isVisible()).toBe(false);
    await press(form, 'Remove product from line 1');
    expect(await form.getByText('Product P-2').isVisible()).toBe(false);
    expect(await value(form, 0, 'productExternalId')).toBe('');
    expect(await value(form, 0, 'description')).toBe('Walnut table');
  });

  test('products that the server drew before the script was there are taken on the spot once it is', async () => {
    const waiting: (() => void)[] = [];
    let isHeld = true;
    await page().route('**/pages/assets/*.js', async (route) => {
      if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
      await route.continue();
    });
    const address = await visit.frameAddress('7302', 'Create invoice');
    await page().goto(address, { waitUntil: 'commit' });
    const form = page().mainFrame();
    await control(form, 0, 'description').fill('chair');
    await form.getByRole('button', { name: 'Find a product for line 1' }).click({ noWaitAfter: true });
    await form.getByRole('button', { name: /^Walnut chair/ }).waitFor();
    isHeld = false;
    const ready = page().waitForEvent('load');
    for (const release of waiting) release();
    await ready;
    await form.evaluate(() => document.body.setAttribute('data-same-page', ''));
    await press(form, /^Walnut chair/);
    expect(await value(form, 0, 'description')).toBe('Walnut chair');
    expect(await value(form, 0, 'unitPrice')).toBe('250.00');
    expect(await form.locator('[data-same-page]').count()).toBe(1);
  });
});

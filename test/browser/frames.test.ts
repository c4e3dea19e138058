import { describe, expect, test } from '@jest/globals';
import type { Frame, Locator } from 'playwright-core';
import { findings } from './axe.ts';
import { visitFrames } from './frames-visit.ts';

describe('the frames that a card opens', () => {
  const visit = visitFrames();
  const { page, card, openDeal, choose, frame, whenClosed, send, ledger, event } = visit;

  const fillLine = async (form: Frame, index: number, line: Record<string, string>): Promise<void> => {
    for (const [part, value] of Object.entries(line)) {
      const control = form.locator(`[name="lines[${index}].${part}"]`);
      if (part === 'discountKind') await control.selectOption(value);
      else await control.fill(value);
    }
  };
  const total = (form: Frame) => form.locator('#totals .total').nth(1).innerText();
  const press = (form: Frame, name: string) => form.getByRole('button', { name, exact: true }).click();

  test('a new invoice of two lines is saved with the very totals that followed the typing', async () => {
    await openDeal('7001');
    await card().getByRole('button', { name: 'Create invoice' }).click();
    const form = await frame();
    await form.getByLabel('Name').fill('Brightwater Hotels GmbH');
    await fillLine(form, 0, {
      description: 'Workshop',
      quantity: '2,5',
      unitPrice: '333.333',
      taxRate: '19',
    });
    await press(form, 'Add line');
    await fillLine(form, 1, {
      description: 'Travel',
      unitPrice: '0.005',
      discount: '12.5',
      discountKind: 'rate',
    });
    await fillLine(form, 1, { quantity: '1001' });
    const shown = await total(form);
    expect(await form.locator('#bar-total').innerText()).toBe(shown);
    await press(form, 'Save as draft');
    await whenClosed();
    const [invoice] = await ledger('7001');
    expect(invoice).toMatchObject({ status: 'draft', number: null, total: '996.87', origin: 'hubspot' });
    expect(shown).toBe('996.87 EUR');
    await card()
      .getByText(/^Draft /)
      .first()
      .waitFor();
    const created = await event('invoice.created', invoice?.invoiceId ?? '');
    expect(created).toMatchObject({
      actor: { kind: 'user', email: 'rep+hubspot@example.com' },
      origin: 'hubspot',
    });
  });

  test('an edited draft is saved and issued in one stroke', async () => {
    await send('D-1', '7002', { status: 'draft' });
    await openDeal('7002');
    await choose('D-1', 'Edit');
    const form = await frame();
    const title = form.getByRole('heading', { name: 'Edit D-1' });
    expect((await title.boundingBox())?.height).toBe(1);
    await fillLine(form, 0, { unitPrice: '100' });
    expect(await total(form)).toBe('476.00 EUR');
    await press(form, 'Save and issue');
    await whenClosed();
    const [invoice] = await ledger('7002');
    expect(invoice).toMatchObject({ status: 'open', number: 'D-1', total: '476.00' });
    await event('invoice.issued', 'D-1');
  });

  test('a draft’s stated total stays in sight until a line says something else, and is back once it says the same', async () => {
    await send('D-2', '7012', { status: 'draft', total: '1000.00' });
    await openDeal('7012');
    await choose('D-2', 'Edit');
    const form = await frame();
    const shown = async () => [await total(form), await form.locator('#bar-total').innerText()];
    const rounding = form.locator('#totals dd.rounding');
    await form.getByLabel('Name').fill('Harbour Lane Studio Ltd');
    expect(await shown()).toEqual(['1,000.00 EUR', '1,000.00 EUR']);
    expect(await rounding.innerText()).toBe('-190.00 EUR');
    await fillLine(form, 0, { quantity: '5' });
    expect(await shown()).toEqual(['1,487.50 EUR', '1,487.50 EUR']);
    expect(await rounding.count()).toBe(0);
    await fillLine(form, 0, { quantity: '4.0' });
    expect(await shown()).toEqual(['1,000.00 EUR', '1,000.00 EUR']);
    await press(form, 'Save and issue');
    await whenClosed();
    expect(await ledger('7012')).toMatchObject([{ status: 'open', total: '1000.00' }]);
  });

  test('an invoice for another customer than the deal’s latest is not linked to that one', async () => {
    await send('C-1', '7010', { customer: { name: 'Harbour Lane Studio', externalId: 'C-2041' } });
    await openDeal('7010');
    await card().getByRole('button', { name: 'Create invoice' }).click();
    const form = await frame();
    const link = form.getByLabel('Customer C-2041 in the accounting system');
    expect(await link.isChecked()).toBe(true);
    await form.getByLabel('Name').fill('Somebody Else Ltd');
    expect(await link.isChecked()).toBe(false);
    await form.getByLabel('Name').fill('Harbour Lane Studio');
    expect(await link.isChecked()).toBe(true);
    await form.getByLabel('Name').fill('Harbour Lane Studio Ltd');
    await link.check();
    await form.getByLabel('Name').fill('Harbour Lane Studios Ltd');
    expect(await link.isChecked()).toBe(true);
    await form.getByLabel('Name').fill('Somebody Else Ltd');
    await link.uncheck();
    await fillLine(form, 0, { description: 'Chairs', unitPrice: '1' });
    await press(form, 'Save as draft');
    await whenClosed();
    const created = (await ledger('7010')).find(({ origin }) => origin === 'hubspot');
    expect(created?.customer).toMatchObject({ name: 'Somebody Else Ltd' });
    expect(created?.customer).not.toHaveProperty('externalId');
  });

  test('half of an invoice is paid, and the other half is prefilled the next time', async () => {
    await send('P-1', '7003');
    await openDeal('7003');
    await choose('P-1', 'Record payment');
    const form = await frame();
    await form.getByLabel('Amount in EUR').fill('595');
    await press(form, 'Record payment');
    await whenClosed();
    const [invoice] = await ledger('7003');
    expect(invoice).toMatchObject({ status: 'partially_paid', balance: '595.00' });
    await event('invoice.payment_recorded', 'P-1');
    await choose('P-1', 'Record payment');
    expect(await (await frame()).getByLabel('Amount in EUR').inputValue()).toBe('595.00');
  });

  test('an invoice is voided and a draft deleted once the rep has confirmed it', async () => {
    await send('V-1', '7004');
    await send('V-2', '7004', { status: 'draft' });
    await openDeal('7004');
    await choose('V-1', 'Void V-1');
    await page().getByRole('button', { name: 'Void V-1', exact: true }).click();
    await page().getByText('V-1 is void. The customer no longer owes 1,190.00 EUR.').waitFor();
    await choose('V-2', 'Delete V-2');
    await page().getByRole('button', { name: 'Delete V-2', exact: true }).click();
    await page().getByText('V-2 is deleted.').waitFor();
    expect(await ledger('7004')).toMatchObject([{ invoiceId: 'V-1', status: 'void' }]);
    await event('invoice.voided', 'V-1');
    await event('invoice.deleted', 'V-2');
  });

  test('what is wrong is said beside the field and before the form, and goes away as it is mended', async () => {
    await openDeal('7005');
    await card().getByRole('button', { name: 'Create invoice' }).click();
    const form = await frame();
    await fillLine(form, 0, { description: 'Chairs', unitPrice: '1,190' });
    await press(form, 'Save as draft');
    const summary = form.locator('#error-summary');
    expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await summary.getByRole('link').count()).toBe(2);
    const name = form.getByLabel('Name');
    const error = await name.getAttribute('aria-describedby');
    expect(await form.locator(`#${error}`).innerText()).toBe('Enter the customer’s name.');
    await form.getByLabel('Description').fill('');
    await fillLine(form, 0, { unitPrice: '' });
    await press(form, 'Save as draft');
    await summary.getByRole('link', { name: 'Enter at least one line.' }).click();
    expect(await form.evaluate(() => document.activeElement?.id)).toBe('lines-0-description');
    await fillLine(form, 0, { description: 'Chairs' });
    await name.fill('Olive & Thyme Ltd');
    expect(await name.getAttribute('aria-invalid')).toBeNull();
    await fillLine(form, 0, { unitPrice: '1190' });
    await press(form, 'Save as draft');
    await whenClosed();
    expect(await ledger('7005')).toMatchObject([
      { total: '1190.00', customer: { name: 'Olive & Thyme Ltd' } },
    ]);
  });

  test('the click that leaves a wrong field behind is not lost to the message that it brings up', async () => {
    await send('P-2', '7011');
    await openDeal('7011');
    await choose('P-2', 'Record payment');
    const form = await frame();
    const amount = form.getByLabel('Amount in EUR');
    const button = form.getByRole('button', { name: 'Record payment' });
    const edge = { position: { x: 20, y: 3 } };
    await amount.fill('1,190');
    await button.click(edge);
    await form.locator('#error-summary:focus').waitFor();

    await page().reload();
    await choose('P-2', 'Record payment');
    const again = await frame();
    await again.getByLabel('Amount in EUR').fill('1,190');
    await again.getByRole('button', { name: 'Record payment' }).hover(edge);
    await page().mouse.down();
    expect(await again.locator('#amount-error').textContent()).toBe('');
    await page().mouse.move(5, 5);
    await page().mouse.up();
    await again.locator('#amount-error:not(:empty)').waitFor();
  });

  /** Goes to a control as somebody without a pointer does, a key press at a time. */
  const tabTo = async (wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
    for (let presses = 0; presses < 100; presses++) {
      if (await wanted.evaluate((element) => document.hasFocus() && element.matches(':focus'))) return;
      await page().keyboard.press(key);
    }
    throw new Error(`${wanted} was not reached by ${key}.`);
  };

  test('lines are added, moved and removed by keyboard alone, and the form is saved by it', async () => {
    await openDeal('7006');
    await tabTo(card().getByRole('button', { name: 'Create invoice' }));
    await page().keyboard.press('Enter');
    const form = await frame();
    const field = (label: string) => form.getByLabel(label, { exact: true }).last();
    const button = (name: string) => form.getByRole('button', { name, exact: true });
    const type = async (label: string, text: string): Promise<void> => {
      await tabTo(field(label));
      await page().keyboard.type(text);
    };
    await type('Name', 'Keyboard Ltd');
    await type('Description', 'Second');
    await type('Unit price', '20');
    await tabTo(button('Add line'));
    await page().keyboard.press('Enter');
    await page().keyboard.type('First');
    await type('Unit price', '10');
    await tabTo(button('Move up line 2'), 'Shift+Tab');
    await page().keyboard.press('Enter');
    const focused = () => form.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    expect(await focused()).toBe('Move down line 1');
    await tabTo(button('Add line'));
    await page().keyboard.press('Enter');
    await page().keyboard.type('Gone');
    await tabTo(button('Remove line 3'), 'Shift+Tab');
    await page().keyboard.press('Enter');
    await tabTo(field('Tax ID (optional)'), 'Shift+Tab');
    await page().keyboard.press('Enter');
    await whenClosed();
    const [invoice] = await ledger('7006');
    expect(invoice?.lines.map(({ description }) => description)).toEqual(['First', 'Second']);
  });

  test('a form that stays open is renewed, without losing what was typed', async () => {
    await page().clock.install();
    await page().goto(await visit.frameAddress('7009', 'Create invoice'));
    await page().getByLabel('Name').fill('Patient Ltd');
    await fillLine(page().mainFrame(), 0, { description: 'Waiting', unitPrice: '1' });
    const renewal = page().waitForResponse((response) => response.url().includes('/pages/form-token'));
    await page().clock.fastForward('11:00');
    expect((await renewal).status()).toBe(200);
    await press(page().mainFrame(), 'Save as draft');
    await page()
      .getByText(/is saved: 1\.00 EUR for Patient Ltd\./)
      .waitFor();
  });

  test('a form is left by its Cancel button, and nothing is saved', async () => {
    await openDeal('7007');
    await card().getByRole('button', { name: 'Create invoice' }).click();
    await press(await frame(), 'Cancel');
    await whenClosed();
    expect(await ledger('7007')).toEqual([]);
  });

  test('all invoices are reachable: by page, by status and in another order', async () => {
    for (let number = 1; number <= 27; number++) {
      const status = number === 3 ? 'draft' : 'open';
      await send(`L-${number}`, '7008', { status, dueDate: `2099-02-${String(number).padStart(2, '0')}` });
    }
    await openDeal('7008');
    await page().getByRole('button', { name: 'More card actions' }).click();
    await page().getByRole('menuitem', { name: 'All invoices' }).click();
    const list = await frame();
    const numbers = async () => list.locator('tbody th').allInnerTexts();
    expect(await numbers()).toHaveLength(25);
    expect((await numbers()).slice(0, 3)).toEqual(['L-1', 'L-2', 'L-4']);
    await list.getByRole('link', { name: 'Next page' }).click();
    await list.getByText('Page 2 of 2').waitFor();
    expect(await numbers()).toEqual(['L-27', 'L-3']);
    await list.getByRole('link', { name: 'Invoice', exact: true }).click();
    await list.getByText('Page 1 of 2').waitFor();
    expect((await numbers()).slice(0, 3)).toEqual(['L-1', 'L-2', 'L-3']);
    await list.getByLabel('Status').selectOption('draft');
    await press(list, 'Filter');
    await list.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
    expect(await numbers()).toEqual(['L-3']);
    await list.getByRole('link', { name: 'Delete, L-3' }).click();
    await list.getByRole('heading', { name: 'Delete L-3?' }).waitFor();
    expect(await findings(list)).toEqual([]);
    await list.getByRole('link', { name: 'Keep it as it is' }).click();
    await list.getByRole('heading', { name: 'Delete L-3?' }).waitFor({ state: 'detached' });
    await list.getByRole('link', { name: 'Edit, L-3' }).click();
    const title = list.getByRole('heading', { name: 'Edit L-3' });
    await title.waitFor();
    expect(await title.getAttribute('class')).toBeNull();
  });
});

import { expect, test } from '@jest/globals';
import { picture } from '../support/picture.ts';
import { visitFrames } from './frames-visit.ts';

const DEAL = '18820450103';

const visit = visitFrames();
const { page, openDeal, choose, frame, whenClosed, ledger, event, send } = visit;

test('a rep creates, edits, issues, half pays, voids and deletes from the deal, reads a PDF, and the accounting system learns of each', async () => {
  await send('INV-77', DEAL);
  await openDeal(DEAL);

  // Create.
  await page().getByRole('button', { name: 'Create invoice' }).click();
  let form = await frame();
  await form.getByLabel('Name').fill('Harbour Lane Studio');
  for (const [part, value] of Object.entries({
    description: 'Chairs',
    quantity: '4',
    unitPrice: '250.00',
    taxRate: '19',
  })) {
    await form.locator(`[name="lines[0].${part}"]`).fill(value);
  }
  await form.getByText('1,190.00').first().waitFor();
  await form.getByRole('button', { name: 'Save as draft' }).click();
  await whenClosed();
  const [draft] = (await ledger(DEAL)).filter(({ status }) => status === 'draft');
  expect(draft).toMatchObject({ number: null, total: '1190.00', origin: 'hubspot' });
  const id = String(draft?.invoiceId);
  expect(await event('invoice.created', id)).toMatchObject({ origin: 'hubspot', actor: { kind: 'user' } });
  const title = `Draft ${id.slice(-6)}`;

  // Edit.
  await choose(title, 'Edit');
  form = await frame();
  await form.locator('[name="lines[0].quantity"]').fill('5');
  await form.getByRole('button', { name: 'Save as draft' }).click();
  await whenClosed();
  await event('invoice.updated', id);

  // Issue: it takes its number.
  await choose(title, 'Issue');
  const number = `HS-${new Date().getUTCFullYear()}-0001`;
  await visit.card().getByText(number, { exact: true }).waitFor();
  await event('invoice.issued', id);
  const issued = (await ledger(DEAL)).find(({ invoiceId }) => invoiceId === id);
  expect(issued).toMatchObject({ number, status: 'open', total: '1487.50', balance: '1487.50' });

  // Pay half.
  await choose(number, 'Record payment');
  form = await frame();
  await form.getByLabel('Amount').fill('743.75');
  await form.getByRole('button', { name: 'Record payment' }).click();
  await whenClosed();
  await event('invoice.payment_recorded', id);
  const paid = (await ledger(DEAL)).find(({ invoiceId }) => invoiceId === id);
  expect(paid).toMatchObject({ status: 'partially_paid', balance: '743.75' });

  // Read the PDF.
  const pdf = page().waitForResponse((response) => response.url().includes(`/pages/invoices/${id}/pdf`));
  await choose(number, 'View PDF');
  const answer = await pdf;
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf']);
  await page().keyboard.press('Escape');
  await whenClosed();

  // Void another, which the dialog names.
  await choose('INV-77', 'Void INV-77');
  const dialog = page().getByRole('dialog');
  expect(await dialog.innerText()).toContain('INV-77');
  await dialog.getByRole('button', { name: /Void/ }).click();
  await event('invoice.voided', 'INV-77');
  expect((await ledger(DEAL)).find(({ invoiceId }) => invoiceId === 'INV-77')).toMatchObject({
    status: 'void',
  });

  // Delete a draft.
  await send('DRAFT-1', DEAL, { status: 'draft' });
  await choose('DRAFT-1', 'Delete DRAFT-1');
  await page()
    .getByRole('dialog')
    .getByRole('button', { name: /Delete/ })
    .click();
  await event('invoice.deleted', 'DRAFT-1');
  expect((await ledger(DEAL)).map(({ invoiceId }) => invoiceId)).not.toContain('DRAFT-1');
  await page().locator('#events').getByText('Invoice deleted').waitFor();
  await picture(page(), 'deal-page-acting');
}, 60_000);

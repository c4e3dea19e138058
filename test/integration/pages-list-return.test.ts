import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deal, invoice } from './action-world.ts';
import { DEAL, hiddenFields, type PageAnswer, PagesWorld, typedInvoice } from './pages-world.ts';

describe('a form that the list of all invoices opened', () => {
  let world: PagesWorld;
  let list: string;
  beforeAll(async () => {
    world = await PagesWorld.start();
    list = `/pages/deals/${DEAL}/invoices?status=draft&sort=due&order=descending&${world.ticketFor({ page: 'list', dealId: DEAL })}`;
  });
  afterAll(() => world.stop());

  /** The path and query of the page's link that reads so. */
  const link = ({ text }: PageAnswer, label: string): string => {
    const found = new RegExp(`href="https://ledgerbridge\\.example\\.com([^"]+)"[^>]*>${label}</a>`).exec(
      text,
    );
    return (found?.[1] ?? '').replaceAll('&amp;', '&');
  };

  test('leads back to the list as it was, unchanged where it is cancelled', async () => {
    await world.ledger.put('R-1', { status: 'draft' });
    const form = await world.get(link(await world.get(list), 'Edit'));
    expect(link(form, 'Cancel')).toBe(list);
    expect(form.text).not.toContain('data-close="CANCEL"');
  });

  test('ends in the list, which says what was done and whose links lead on', async () => {
    await world.ledger.put('R-2', { status: 'draft' });
    const target = link(await world.get(list), 'Edit');
    const form = await world.get(target);
    const done = await world.post(target, { ...hiddenFields(form), ...typedInvoice() });
    expect(done.status).toBe(200);
    expect(done.text).toMatch(/<p class="notice notice-success" role="status">[^<]+ is saved/);
    expect(done.text).toContain('All invoices of this deal');
    expect(done.text).not.toContain('data-done');
    expect(done.text).toContain('<option value="draft" selected>');
    expect(done.text).not.toMatch(/href="\?/);
    const again = await world.get(link(done, 'Edit'));
    expect(link(again, 'Cancel')).toBe(list);
  });

  test('keeps its way back through a mistake, for a new invoice and for a payment too', async () => {
    const create = link(await world.get(list), 'Create invoice');
    const wrong = await world.post(create, {
      ...hiddenFields(await world.get(create)),
      ...typedInvoice({ 'customer.name': '' }),
    });
    expect([wrong.status, link(wrong, 'Cancel')]).toEqual([400, list]);
    const created = await world.post(create, { ...hiddenFields(wrong), ...typedInvoice() });
    expect(created.status).toBe(201);
    expect(created.text).toContain('All invoices of this deal');

    await world.ledger.put('R-3');
    const pay = link(await world.get(list.replace('status=draft', 'status=open')), 'Record payment');
    const empty = await world.post(pay, { ...hiddenFields(await world.get(pay)), amount: '', paidAt: '' });
    expect([empty.status, link(empty, 'Cancel')]).toEqual([400, list.replace('status=draft', 'status=open')]);
    const paid = await world.post(pay, { ...hiddenFields(empty), amount: '10', paidAt: '2026-11-22' });
    expect(paid.text).toContain('10.00 EUR recorded on R-3.');
    expect(paid.text).toContain('All invoices of this deal');
  });

  test('shows in the list why it was refused, where the form can’t mend it', async () => {
    await world.ledger.put('R-4', { status: 'draft' });
    const query = `${world.ticketFor({ page: 'edit', dealId: DEAL, invoiceId: invoice('R-4') })}&${new URLSearchParams({ list: list.replace(/^[^?]*\?/, '') })}`;
    const target = `/pages/invoices/R-4/edit?${query}`;
    const form = await world.get(target);
    const { version } = await world.ledger.put('R-4', { status: 'open' });
    const refused = await world.post(target, {
      ...hiddenFields(form),
      ...typedInvoice({ version: String(version) }),
    });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('All invoices of this deal');
    expect(refused.text).toMatch(/class="notice notice-error" role="alert">[^<]*R-4/);
  });

  test.each([
    ['another deal’s list', () => world.ticketFor({ page: 'list', dealId: deal('5999') })],
    ['another user’s list', () => world.ticketFor({ page: 'list', dealId: DEAL }, { userId: '78' })],
    ['a list whose ticket has ended', () => world.ticketFor({ page: 'list', dealId: DEAL }, { hours: -1 })],
    ['another page', () => world.ticketFor({ page: 'health', dealId: DEAL })],
    ['an address elsewhere', () => 'https://evil.example/?ticket=1'],
    ['nothing', () => ''],
  ])('never leads to %s', async (_kind, listQuery) => {
    const target = `${world.newForm()}&${new URLSearchParams({ list: listQuery() })}`;
    const form = await world.get(target);
    expect(form.status).toBe(200);
    expect(form.text).toContain('data-close="CANCEL"');
    const done = await world.post(target, { ...hiddenFields(form), ...typedInvoice() });
    expect(done.text).toContain('data-done');
    expect(done.text).not.toContain('All invoices');
    expect(done.text).not.toContain('evil');
  });
});

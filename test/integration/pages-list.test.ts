import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { DEAL, hiddenFields, PagesWorld } from './pages-world.ts';

describe('the list of all invoices', () => {
  let world: PagesWorld;
  let target: string;
  beforeAll(async () => {
    world = await PagesWorld.start();
    target = `/pages/deals/${DEAL}/invoices?${world.ticketFor({ page: 'list', dealId: DEAL })}`;
  });
  afterAll(() => world.stop());

  /** The fields of the confirmation alone: the list's filter has hidden fields too. */
  const confirmed = async (action: string, id: string) => {
    const page = await world.get(`${target}&confirm=${action}&invoice=${id}`);
    const form = /<form method="post"[\s\S]*?<\/form>/.exec(page.text)?.[0] ?? '';
    return { page, hidden: hiddenFields({ ...page, text: form }) };
  };

  test('shows each currency’s own totals, and the links that each invoice’s state allows', async () => {
    await world.ledger.put('L-1');
    await world.ledger.put('L-2', { status: 'draft' });
    await world.ledger.put('L-3', {
      currency: 'JPY',
      lines: [{ description: 'Work', quantity: '1', unitPrice: '480000' }],
    });
    const { text } = await world.get(target);
    expect(text).toContain('1,190.00 EUR');
    expect(text).toContain('480,000 JPY');
    const links = (id: string) =>
      [...text.matchAll(new RegExp(`aria-label="([^"]+), ${id}"`, 'g'))].map(([, label]) => label);
    expect(links('L-1')).toEqual(['PDF', 'Record payment', 'Void']);
    expect(links('L-2')).toEqual(['PDF', 'Edit', 'Issue', 'Delete']);
  });

  test('its links to other frames have tickets of their own, which end with the list’s', async () => {
    await world.ledger.put('L-4');
    const { text } = await world.get(target);
    const href =
      /href="https:\/\/ledgerbridge\.example\.com(\/pages\/invoices\/L-4\/payment[^"]+)"/.exec(text)?.[1] ??
      '';
    const link = href.replaceAll('&amp;', '&');
    expect((await world.get(link)).status).toBe(200);
    world.ledger.now += 8 * 3_600_000;
    expect((await world.get(link)).status).toBe(401);
    world.ledger.now -= 8 * 3_600_000;
  });

  test('tells invoices that share a number apart by their ids, also in the question before an action', async () => {
    await world.ledger.put('T-1', { number: 'INV-7' });
    await world.ledger.put('T-2', { number: 'INV-7' });
    const { text } = await world.get(target);
    expect(text).toContain('aria-label="Void, INV-7 (T-1)"');
    expect(text).toContain('aria-label="Void, INV-7 (T-2)"');
    expect((await confirmed('void', 'T-2')).page.text).toContain('Void INV-7 (T-2)?');
  });

  test('voids an invoice once it is confirmed, and once only', async () => {
    await world.ledger.put('V-1');
    const { page, hidden } = await confirmed('void', 'V-1');
    expect(page.text).toContain('Acme GmbH will no longer owe 1,190.00 EUR.');
    expect((await world.ledger.current('V-1'))?.state).toBe('open');
    const first = await world.post(target, hidden);
    expect(first.status).toBe(200);
    expect(first.text).toContain('V-1 is void. The customer no longer owes 1,190.00 EUR.');
    expect((await world.post(target, hidden)).text).toContain('V-1 is void.');
    expect((await world.ledger.events('V-1')).map(({ type }) => type)).toEqual([
      'invoice.created',
      'invoice.voided',
    ]);
  });

  test('issues and deletes drafts, and says so where somebody else was faster', async () => {
    await world.ledger.put('I-1', { status: 'draft' });
    await world.ledger.put('I-2', { status: 'draft' });
    const issue = await confirmed('issue', 'I-1');
    const remove = await confirmed('delete', 'I-1');
    expect((await world.post(target, issue.hidden)).text).toContain('I-1 is issued.');
    const late = await world.post(target, remove.hidden);
    expect(late.status).toBe(409);
    expect(await world.ledger.current('I-1')).toBeDefined();
    expect((await confirmed('delete', 'I-1')).page.status).toBe(409);
    expect((await world.post(target, (await confirmed('delete', 'I-2')).hidden)).text).toContain(
      'I-2 is deleted.',
    );
  });

  test('offers and does nothing that the policy refuses', async () => {
    await world.ledger.put('Q-1');
    const { hidden } = await confirmed('void', 'Q-1');
    world.ledger.settings = { ...DEFAULT_SETTINGS, policy: { default: { who: ['boss@example.com'] } } };
    const { text } = await world.get(target);
    expect(text).not.toMatch(/aria-label="(Void|Record payment|Edit|Delete|Issue),/);
    expect(text).not.toContain('Create invoice');
    expect((await world.post(target, hidden)).status).toBe(403);
    world.ledger.settings = DEFAULT_SETTINGS;
    expect((await world.ledger.current('Q-1'))?.state).toBe('open');
  });

  test('the health page says in words what the connection has', async () => {
    const { text } = await world.get(`/pages/health?${world.ticketFor({ page: 'health', dealId: DEAL })}`);
    expect(text).toContain('UTC; there it is 2026-11-22.');
    expect(text).toContain('HS-2026-0001');
    expect(text).toContain('Not configured: invoices work');
    expect(text).toContain('https://ledgerbridge.example.com/hubspot/card');
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TicketSubject } from '../../functions/rep/ticket.ts';
import { deal, invoice, portal } from './action-world.ts';
import { DEAL, PagesWorld, typedInvoice } from './pages-world.ts';

describe('a page is opened by its ticket and by nothing else', () => {
  let world: PagesWorld;
  beforeAll(async () => {
    world = await PagesWorld.start();
    await world.ledger.put('T-1', { status: 'draft' });
    await world.ledger.put('T-2');
  });
  afterAll(() => world.stop());

  const draft = (page: 'edit' | 'payment', id = 'T-1'): TicketSubject => ({
    page,
    dealId: DEAL,
    invoiceId: invoice(id),
  });

  test.each([
    ['/pages/invoices/new', { page: 'new', dealId: DEAL } as TicketSubject],
    ['/pages/invoices/T-1/edit', { page: 'edit', dealId: DEAL, invoiceId: invoice('T-1') } as TicketSubject],
    [
      '/pages/invoices/T-2/payment',
      { page: 'payment', dealId: DEAL, invoiceId: invoice('T-2') } as TicketSubject,
    ],
    [`/pages/deals/${DEAL}/invoices`, { page: 'list', dealId: DEAL } as TicketSubject],
    ['/pages/health', { page: 'health', dealId: DEAL } as TicketSubject],
  ])('%s opens with its own ticket, under a strict policy, and is kept by nobody', async (path, subject) => {
    const { status, headers, text } = await world.get(`${path}?${world.ticketFor(subject)}`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['x-frame-options']).toBeUndefined();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('frame-ancestors https://app.hubspot.com https://app-eu1.hubspot.com;');
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  });

  test.each([
    ['without a ticket', () => 'nothing=1'],
    [
      'with a forged one',
      () => world.ticketFor(draft('edit'), { key: 'another-key-of-at-least-32-characters' }),
    ],
    ['with one that has ended', () => world.ticketFor(draft('edit'), { hours: -1 })],
    ['with one for another page', () => world.ticketFor(draft('payment'))],
    ['with one for another invoice', () => world.ticketFor(draft('edit', 'T-2'))],
  ])('%s it is a friendly 401 that says to open the card again', async (_kind, query) => {
    const { status, headers, text } = await world.get(`/pages/invoices/T-1/edit?${query()}`);
    expect(status).toBe(401);
    expect(text).toContain('open it from the invoice card again');
    expect(text).not.toContain('Acme GmbH');
    expect(headers['content-security-policy']).toContain('frame-ancestors');
  });

  test.each(['edit', 'payment'] as const)(
    'with one of another portal the %s page is that friendly 401 too, for its form as well',
    async (page) => {
      const query = world.ticketFor(draft(page), { portalId: portal('111') });
      const address = `/pages/invoices/T-1/${page}?${query}`;
      for (const answer of [await world.get(address), await world.post(address, typedInvoice())]) {
        expect(answer.status).toBe(401);
        expect(answer.text).toContain('open it from the invoice card again');
        expect(answer.text).not.toContain('Acme GmbH');
      }
    },
  );

  test('an invoice that was moved to another deal, or deleted, is said to be gone, with 404', async () => {
    await world.ledger.put('T-3', { status: 'draft' });
    await world.ledger.ledgerOn(world.ledger.store).run({
      portalId: world.ledger.portalId,
      invoiceId: invoice('T-3'),
      command: { type: 'delete' },
      actor: { kind: 'accounting' },
      origin: 'accounting',
    });
    const moved = world.ticketFor({ page: 'edit', dealId: deal('5999'), invoiceId: invoice('T-1') });
    const deleted = world.ticketFor(draft('edit', 'T-3'));
    for (const [id, query] of [
      ['T-1', moved],
      ['T-3', deleted],
    ]) {
      const { status, text } = await world.get(`/pages/invoices/${id}/edit?${query}`);
      expect(status).toBe(404);
      expect(text).toContain('This invoice is no longer here');
      expect(text).not.toContain('Acme GmbH');
    }
  });

  test('a form that the invoice’s state has no place for says so, with 409', async () => {
    const edit = await world.get(`/pages/invoices/T-2/edit?${world.ticketFor(draft('edit', 'T-2'))}`);
    expect(edit.status).toBe(409);
    expect(edit.text).toContain('only a draft can be changed');
    const pay = await world.get(`/pages/invoices/T-1/payment?${world.ticketFor(draft('payment'))}`);
    expect(pay.status).toBe(409);
  });

  test('the script and the style sheet are anyone’s, for ever, zipped where the browser takes it', async () => {
    const { text } = await world.get(world.newForm());
    for (const [, path] of text.matchAll(/"https:\/\/ledgerbridge\.example\.com(\/pages\/assets\/[^"]+)"/g)) {
      const plain = await world.get(path ?? '');
      expect(plain.status).toBe(200);
      expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      const zipped = await world.get(path ?? '', { 'accept-encoding': 'gzip, br' });
      expect(zipped.headers['content-encoding']).toBe('gzip');
    }
    expect((await world.get('/pages/assets/page.0000000000000000.js')).status).toBe(404);
  });
});

import { describe, expect, test } from '@jest/globals';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import { asDealId, asInvoiceId, asPortalId } from '../../functions/invoices/identifiers.ts';
import { newInvoiceId } from '../../functions/rep/new-id.ts';
import { parseTicketKeys } from '../../functions/rep/signed-claims.ts';
import { mintTicket, TICKET_AUDIENCE, type Ticket } from '../../functions/rep/ticket.ts';
import { admits, verifyTicket } from '../../functions/rep/verify-ticket.ts';

const known = <T>(id: T | undefined): T => {
  if (id === undefined) throw new Error('An id of the test is malformed.');
  return id;
};
const KEY = 'the-newest-key-with-32-characters-or-more';
const OLD_KEY = 'the-oldest-key-with-32-characters-or-more';
const NOW = Date.parse('2026-11-22T10:00:00Z');
const ticket: Ticket = {
  rep: { portalId: known(asPortalId('987654')), userId: '77', email: 'żaneta+1@example.com' },
  subject: { page: 'edit', dealId: known(asDealId('5001')), invoiceId: known(asInvoiceId('hs-1')) },
  expiresAt: NOW + 60_000,
};

describe('A ticket', () => {
  test('is read back as it was minted', async () => {
    expect(await verifyTicket([KEY], mintTicket(KEY, ticket), NOW)).toEqual({ ok: true, ticket });
    const listing: Ticket = {
      rep: { portalId: ticket.rep.portalId, userId: '77' },
      subject: { page: 'list', dealId: ticket.subject.dealId },
      expiresAt: NOW + 60_000,
    };
    expect(await verifyTicket([KEY], mintTicket(KEY, listing), NOW)).toEqual({ ok: true, ticket: listing });
  });

  test('is a JWT that any library verifies', async () => {
    const { protectedHeader } = await jwtVerify(mintTicket(KEY, ticket), Buffer.from(KEY), {
      audience: TICKET_AUDIENCE,
      currentDate: new Date(NOW),
    });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
  });

  test('of a key that was replaced still admits while that key is kept', async () => {
    const old = mintTicket(OLD_KEY, ticket);
    expect(await verifyTicket([KEY, OLD_KEY], old, NOW)).toMatchObject({ ok: true });
    expect(await verifyTicket([KEY], old, NOW)).toEqual({ ok: false, reason: 'invalid' });
  });

  test('has an end, also under an older key', async () => {
    const late = ticket.expiresAt + 1000;
    for (const key of [KEY, OLD_KEY]) {
      expect(await verifyTicket([KEY, OLD_KEY], mintTicket(key, ticket), late)).toEqual({
        ok: false,
        reason: 'expired',
      });
    }
  });

  test('that was changed, or signed otherwise, admits nobody', async () => {
    const minted = mintTicket(KEY, ticket);
    const [header = '', payload = '', signature = ''] = minted.split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const other = encode({ ...decodeJwt(minted), portal: '111' });
    const sign = (claims: Record<string, unknown>) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(KEY));
    const claims = decodeJwt(minted);
    const { exp, ...endless } = claims;
    for (const token of [
      '',
      'x',
      `${header}.${other}.${signature}`,
      `${encode({ alg: 'none' })}.${payload}.`,
      `${encode({ alg: 'HS512' })}.${payload}.${signature}`,
      'a'.repeat(5000),
      await sign({ ...claims, aud: 'something-else' }),
      await sign(endless),
      await sign({ ...claims, portal: 'x' }),
      await sign({ ...claims, sub: 'me' }),
      await sign({ ...claims, page: 'admin' }),
      await sign({ ...claims, invoice: undefined }),
      await sign({ ...claims, deal: '../1' }),
    ]) {
      expect(await verifyTicket([KEY], token, NOW)).toEqual({ ok: false, reason: 'invalid' });
    }
  });

  test('is for its page, its invoice and its deal alone', () => {
    expect(admits(ticket, { page: 'edit', invoiceId: 'hs-1' })).toBe(true);
    expect(admits(ticket, { page: 'pdf', invoiceId: 'hs-1' })).toBe(false);
    expect(admits(ticket, { page: 'edit', invoiceId: 'hs-2' })).toBe(false);
    expect(admits(ticket, { page: 'edit', dealId: '5002' })).toBe(false);
  });
});

describe('Ticket keys', () => {
  test('are read from a text with the newest first', () => {
    expect(parseTicketKeys(` ${KEY} , ${OLD_KEY},`)).toEqual([KEY, OLD_KEY]);
  });

  test.each(['', ' , ', 'too-short', `${KEY},too-short`])('are not read from %j, nor repeated', (text) => {
    expect(() => parseTicketKeys(text)).toThrow('at least 32 characters');
  });
});

test('a new id is ours to tell, and of 20 characters that can be read out', () => {
  expect(newInvoiceId(() => Uint8Array.from({ length: 20 }, (_, i) => i * 13))).toBe(
    'hs-0dt7m1ev8n2fw9p3gxaq',
  );
  expect(newInvoiceId()).toMatch(/^hs-[0-9abcdefghjkmnpqrstvwxyz]{20}$/);
  expect(newInvoiceId()).not.toBe(newInvoiceId());
});

import { describe, expect, test } from '@jest/globals';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { acceptChange, type SentRecord } from '../../functions/sync/intake/accept-change.ts';
import { newestOfCall } from '../../functions/sync/intake/newest-of-call.ts';
import { readRecord } from '../../functions/sync/intake/read-record.ts';
import { sourceInstant } from '../../functions/sync/intake/source-instant.ts';
import type { SyncRecord } from '../../functions/sync/records/sync-record.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');
const OWNER = { portalId: '4711' as PortalId, type: 'products' as const };

const sent = (updatedAt: string, name = 'Lamp'): SentRecord => ({
  externalId: 'P-1',
  updatedAt,
  sourceInstant: sourceInstant(updatedAt),
  desired: { kind: 'product', content: { name } },
});

function stored(updatedAt: string, name = 'Lamp', more: Partial<SyncRecord> = {}): SyncRecord {
  const first = acceptChange(OWNER, undefined, sent(updatedAt, name), NOW);
  if (first.verdict !== 'accepted') throw new Error('a first record is accepted');
  return { ...first.record, state: 'synced', dueAt: undefined, ...more };
}

describe('a sent record beside the one we have', () => {
  const EIGHT = '2026-11-22T08:00:00Z';
  const NINE = '2026-11-22T09:00:00Z';

  test('is accepted where there is none', () => {
    const acceptance = acceptChange(OWNER, undefined, sent(EIGHT), NOW);
    expect(acceptance).toMatchObject({
      verdict: 'accepted',
      record: { state: 'pending', dueAt: NOW, revision: 1 },
    });
  });

  test('is accepted where it is newer and different', () => {
    expect(acceptChange(OWNER, stored(EIGHT), sent(NINE, 'Chair'), NOW)).toMatchObject({
      verdict: 'accepted',
      record: { desired: { content: { name: 'Chair' } }, state: 'pending', updatedAt: NINE, revision: 2 },
    });
  });

  test('is stale where it is older and different, also where only the offset hides it', () => {
    expect(acceptChange(OWNER, stored(EIGHT), sent('2026-11-22T09:59:59+02:00', 'Chair'), NOW)).toMatchObject(
      {
        verdict: 'stale',
      },
    );
  });

  test('wins as the later arrival where times are equal', () => {
    const later = sent('2026-11-22T10:00:00.000+02:00', 'Chair');
    expect(acceptChange(OWNER, stored(EIGHT), later, NOW)).toMatchObject({ verdict: 'accepted' });
  });

  test('is told apart down to the nanosecond', () => {
    const held = stored('2026-11-22T08:00:00.000000002Z');
    expect(acceptChange(OWNER, held, sent('2026-11-22T08:00:00.000000001Z', 'Chair'), NOW)).toMatchObject({
      verdict: 'stale',
    });
  });

  test('is unchanged with the same content, whatever its time, and moves the time only forward', () => {
    expect(acceptChange(OWNER, stored(EIGHT), sent(NINE), NOW)).toMatchObject({
      verdict: 'unchanged',
      record: { updatedAt: NINE, state: 'synced', revision: 1 },
    });
    expect(acceptChange(OWNER, stored(NINE), sent(EIGHT), NOW)).toEqual({ verdict: 'unchanged' });
    expect(acceptChange(OWNER, stored(NINE, 'Lamp', { state: 'pending' }), sent(NINE), NOW)).toEqual({
      verdict: 'unchanged',
    });
  });

  test('is tried again with the same content where it had failed, and keeps the newer time', () => {
    const held = stored(NINE, 'Lamp', {
      state: 'failed',
      reason: 'x',
      reasonCode: 'hubspot-refused',
      attempts: 8,
    });
    expect(acceptChange(OWNER, held, sent(EIGHT), NOW)).toMatchObject({
      verdict: 'accepted',
      record: { state: 'pending', updatedAt: NINE, attempts: 0, reason: undefined },
    });
  });

  test('waits for the end of an attempt that is under way', () => {
    const attempt = { id: 'x', kind: 'update', startedAt: NOW, endsAt: NOW + 15_000, revision: 1 } as const;
    expect(acceptChange(OWNER, stored(EIGHT, 'Lamp', { attempt }), sent(NINE, 'Chair'), NOW)).toMatchObject({
      record: { attempt, dueAt: NOW + 15_000 },
    });
  });
});

test('of several records with one id in a call the newest counts, of equally new ones the last', () => {
  const records = [
    sent('2026-11-22T08:00:00Z', 'one'),
    sent('2026-11-22T08:02:00Z', 'two'),
    sent('2026-11-22T08:02:00Z', 'three'),
    sent('2026-11-22T08:01:00Z', 'three'),
  ];
  expect(newestOfCall(records).map(({ kind }) => kind)).toEqual([
    'superseded',
    'superseded',
    'newest',
    'same-content',
  ]);
});

describe('reading a record', () => {
  const read = (input: unknown, type: 'products' | 'contacts' = 'products') => readRecord(type, input, NOW);
  const head = { externalId: 'A/100', updatedAt: '2026-11-22T08:00:00Z' };

  test.each([
    ['no product', 7, 'object with the product'],
    ['null', null, 'The record is null; expected an object with the product.'],
    ['no id', { updatedAt: head.updatedAt, name: 'x' }, 'externalId is missing'],
    ['an id with a control character', { ...head, externalId: 'a\u0007', name: 'x' }, 'externalId'],
    ['an id of 129 characters', { ...head, externalId: 'x'.repeat(129), name: 'x' }, 'externalId'],
    ['a time without offset', { ...head, updatedAt: '2026-11-22T08:00:00', name: 'x' }, 'with offset'],
    [
      'a time 11 minutes ahead',
      { ...head, updatedAt: '2026-11-22T09:11:00Z', name: 'x' },
      'ten minutes ahead',
    ],
    ['no name', head, 'name is missing'],
    ['a price as a number', { ...head, name: 'x', price: 9.5, currency: 'EUR' }, 'price is the number 9.5'],
    ['a negative price', { ...head, name: 'x', price: '-1', currency: 'EUR' }, 'not negative'],
    ['a price without currency', { ...head, name: 'x', price: '1' }, 'currency is missing'],
    ['an unknown field', { ...head, name: 'x', colour: 'red' }, 'colour is not a known field'],
    ['a list of properties', { ...head, name: 'x', properties: [] }, 'expected an object of property names'],
    [
      'a property that is no text',
      { ...head, name: 'x', properties: { colour: 7 } },
      'properties.colour is the number 7',
    ],
  ])('rejects %s and says why', (_, input, reason) => {
    const reading = read(input);
    expect(reading).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(reason) });
  });

  test.each([
    ['products', 'hs_sku', 'this property left out: the field sku is for it'],
    ['products', 'hs_price_usd', 'this property left out: the fields price and currency are for it'],
    ['products', 'ledgerbridge_product_id', 'this property left out: the sync writes it itself'],
    ['products', 'hs_object_id', 'this property left out: HubSpot alone sets it'],
    ['contacts', 'email', 'this property left out: the field email is for it'],
    ['contacts', 'firstname', 'this property left out: the field firstName is for it'],
    ['contacts', 'lifecyclestage', 'this property left out: the sync leaves it to the people who work by it'],
    ['contacts', 'Name', 'the internal name of a HubSpot property: lower-case letters, digits and _'],
  ] as const)(
    'rejects one of the %s that names the property %s, and says why it may not',
    (type, name, expected) => {
      const required = type === 'products' ? { name: 'x' } : {};
      expect(read({ ...head, ...required, properties: { [name]: '1' } }, type)).toMatchObject({
        kind: 'rejected',
        reason: `properties.${name} is "1"; expected ${expected}.`,
      });
    },
  );

  test('takes a time nine minutes ahead, any printable id, and a deletion with nothing but id and time', () => {
    expect(read({ ...head, updatedAt: '2026-11-22T09:09:00Z', name: 'x' })).toMatchObject({ kind: 'read' });
    expect(read({ ...head, deleted: true })).toMatchObject({
      kind: 'read',
      record: { externalId: 'A/100', desired: { kind: 'deleted' } },
    });
    expect(read({ ...head, deleted: true, whatever: 1 }, 'contacts')).toMatchObject({ kind: 'read' });
  });
});

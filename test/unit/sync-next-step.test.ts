import { describe, expect, test } from '@jest/globals';
import { mapProperties } from '../../functions/sync/mapping/map-properties.ts';
import type { SyncRecord } from '../../functions/sync/records/sync-record.ts';
import { afterLostAttempt, beginWrite } from '../../functions/sync/steps/attempt.ts';
import { batchesOf, batchLimit } from '../../functions/sync/steps/batches.ts';
import { finishWrite, type WriteOutcome } from '../../functions/sync/steps/finish-write.ts';
import { nextStep, type Write } from '../../functions/sync/steps/next-step.ts';
import { lockedWait, retryWait } from '../../functions/sync/steps/retry-schedule.ts';
import type { SyncSettings } from '../../functions/sync/sync-settings.ts';
import { NO_KEY, NOW, product, record, SETTINGS, UNIQUE } from '../support/sync-record.ts';

const step = (one: SyncRecord, properties = UNIQUE, settings = SETTINGS) =>
  nextStep(one, { now: NOW, properties, settings });

const writeOf = (one: SyncRecord, properties = UNIQUE): Write => {
  const next = step(one, properties);
  if (next.kind !== 'write') throw new Error(`a write was expected, not ${next.kind}`);
  return next.write;
};

describe('what a due record does next', () => {
  test('without an id it is upserted by our unique property, or created where there is none', () => {
    expect(writeOf(record())).toMatchObject({ kind: 'upsert', key: 'ledgerbridge_product_id' });
    expect(writeOf(record(), NO_KEY)).toMatchObject({ kind: 'create', values: { name: 'Lamp' } });
  });

  test('with an id it is updated by it, and what was sent before and is no longer is cleared', () => {
    expect(writeOf(record({ hubspotId: '51', names: ['name', 'description', 'gone_from_portal'] }))).toEqual({
      kind: 'update',
      hubspotId: '51',
      values: { name: 'Lamp', ledgerbridge_product_id: 'P-1', description: '' },
      hash: expect.any(String),
    });
  });

  test('while an attempt lives it waits for its end', () => {
    const attempt = { id: 'a', kind: 'update', startedAt: NOW, endsAt: NOW + 9, revision: 2 } as const;
    expect(step(record({ attempt }))).toMatchObject({ kind: 'rest', record: { dueAt: NOW + 9 } });
  });

  test('a third unfinished work fails it before it is begun again', () => {
    expect(step(record({ unfinished: 3 }))).toMatchObject({
      kind: 'rest',
      record: { state: 'failed', reasonCode: 'worker-ended', dueAt: undefined },
    });
  });

  test('eight writes without an end are enough, whatever became of them', () => {
    const reason = { reasonCode: 'hubspot-value-taken', reason: 'Taken.' } as const;
    expect(step(record({ attempts: 7 }))).toMatchObject({ kind: 'write' });
    expect(step(record({ attempts: 8, ...reason }))).toMatchObject({
      kind: 'rest',
      record: { state: 'failed', ...reason, dueAt: undefined },
    });
    expect(step(record({ attempts: 8 }))).toMatchObject({ record: { reasonCode: 'unexpected-error' } });
  });

  test('names that would outgrow the row are not sent, and a version without them is', () => {
    const many = (prefix: string) =>
      Array.from({ length: 250 }, (_, index) => `${prefix}_${index}_`.padEnd(100, 'x'));
    const names = [...many('a'), ...many('b')];
    const sent = (own: string[]) =>
      product({ name: 'Lamp', properties: Object.fromEntries(own.map((name) => [name, 'v'])) });
    const known = { hubspotId: '51', names: ['name', 'ledgerbridge_product_id', ...names] };
    expect(step(record({ ...known, desired: sent(many('c')) }))).toMatchObject({
      kind: 'rest',
      record: { state: 'failed', reasonCode: 'too-many-properties' },
    });
    expect(step(record({ ...known, desired: sent(many('b')) }))).toMatchObject({ kind: 'write' });
    expect(step(record(known))).toMatchObject({ kind: 'write' });
  });

  test('the largest content beside the most names still fits into an item', () => {
    const many = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}_${index}_`.padEnd(100, 'x'));
    const own = many('own', 250);
    const text = 'x'.repeat(200_000 - 30_000);
    const properties = Object.fromEntries(own.map((name) => [name, 'v']));
    // None of the others is in the portal any longer: they are noted on the attempt once more.
    const one = record({
      hubspotId: '51',
      desired: product({ name: 'Lamp', description: text, properties }),
      names: many('other', 340),
      reason: 'r'.repeat(1_000),
    });
    const begun = beginWrite(one, writeOf(one), { id: 'a', now: NOW, properties: UNIQUE });
    expect(begun.attempt).toMatchObject({ newNames: expect.arrayContaining(own), keptNames: one.names });
    expect(Buffer.byteLength(JSON.stringify(begun))).toBeLessThan(400_000 - 10_000);
  });

  test('HubSpot is not called where it is known to have everything already', () => {
    const mapping = mapProperties(record(), { properties: UNIQUE, settings: SETTINGS });
    const syncedHash = mapping.kind === 'mapped' ? mapping.hash : '';
    const known = record({ hubspotId: '51', syncedHash });
    expect(step(known)).toMatchObject({ kind: 'rest', record: { state: 'synced', dueAt: undefined } });
    expect(step(known, NO_KEY)).toMatchObject({ kind: 'write' });
    const unsettled = { until: NOW + 50, archived: false };
    expect(step({ ...known, unsettled })).toMatchObject({ kind: 'rest', record: { dueAt: NOW + 50 } });
    expect(step({ ...known, unsettled: { ...unsettled, until: NOW } })).toMatchObject({ kind: 'write' });
  });

  test('a deletion archives what we created and unlinks what was there before us', () => {
    const deleted = record({
      desired: { kind: 'deleted' },
      hubspotId: '51',
      names: ['name', 'ledgerbridge_product_id'],
    });
    expect(writeOf(deleted)).toEqual({ kind: 'archive', hubspotId: '51' });
    expect(writeOf({ ...deleted, adopted: true })).toEqual({
      kind: 'unlink',
      hubspotId: '51',
      values: { ledgerbridge_product_id: '' },
    });
    expect(step({ ...deleted, hubspotId: undefined })).toMatchObject({ record: { state: 'archived' } });
  });
});

describe('a price', () => {
  const priced = (currency: string) =>
    record({ desired: product({ name: 'Lamp', price: '9.50', currency }) });
  const mapped = (currency: string, settings: Pick<SyncSettings, 'priceCurrency'> = SETTINGS) =>
    mapProperties(priced(currency), { properties: UNIQUE, settings });

  test('goes to price in the portal’s currency, and to its own property in another that the portal has', () => {
    expect(mapped('EUR')).toMatchObject({ values: { price: '9.50' } });
    expect(mapped('USD')).toMatchObject({ values: { hs_price_usd: '9.50' } });
    expect(mapped('CHF', { priceCurrency: undefined })).toMatchObject({ values: { price: '9.50' } });
  });

  test('in a currency that the portal does not have is refused with the reason', () => {
    expect(mapped('CHF')).toMatchObject({
      kind: 'unmappable',
      reason: { reasonCode: 'currency-unavailable', reason: expect.stringContaining('hs_price_chf') },
    });
  });
});

describe('the result of a write', () => {
  const begun = (one: SyncRecord, properties = UNIQUE) =>
    beginWrite(one, writeOf(one, properties), { id: 'a', now: NOW, properties });
  const finish = (one: SyncRecord, outcome: WriteOutcome, id = 'a') =>
    finishWrite(one, id, outcome, { now: NOW + 500, random: 0.5, settings: SETTINGS });
  const reason = { reasonCode: 'hubspot-server-error', reason: 'HubSpot failed.' } as const;

  test('counts only while the attempt is still ours', () => {
    expect(finish(begun(record()), { kind: 'done', hubspotId: '51' }, 'of another')).toBeUndefined();
    expect(finish(record(), { kind: 'done', hubspotId: '51' })).toBeUndefined();
  });

  test('of an upsert that found the record there adopts it, unless it may be ours', () => {
    const adopted = (one: SyncRecord, created?: boolean) =>
      finish(begun(one), { kind: 'done', hubspotId: '51', created })?.adopted;
    expect(adopted(record(), false)).toBe(true);
    expect(adopted(record(), true)).toBeUndefined();
    expect(adopted(record())).toBeUndefined();
    const unsettled = { until: NOW - 1, archived: false };
    const late = { since: NOW - 9_000, endedAt: NOW - 5_000, traces: [{ name: 'Lamp' }] };
    expect(adopted(record({ unsettled: { ...unsettled, late } }), false)).toBeUndefined();
    // It was looked for when nothing could land any longer.
    expect(adopted(record({ unsettled }), false)).toBe(true);
    expect(adopted(record({ hubspotId: '51' }), false)).toBeUndefined();
  });

  test('leaves the record due where the accounting system changed it meanwhile', () => {
    const changed = { ...begun(record()), revision: 3 };
    expect(finish(changed, { kind: 'done', hubspotId: '51' })).toMatchObject({
      state: 'pending',
      hubspotId: '51',
      dueAt: NOW + 500,
    });
  });

  test('brings back what HubSpot had where it was not called, and costs no attempt', () => {
    const before = record({ hubspotId: '51', syncedHash: 'old', attempts: 2 });
    expect(finish(begun(before), { kind: 'not-called' })).toMatchObject({
      syncedHash: 'old',
      attempts: 2,
      unfinished: 0,
      attempt: undefined,
    });
  });

  test('a create of unknown outcome is looked for, after its attempt and the lag', () => {
    const after = finish(begun(record(), NO_KEY), { kind: 'passing', outcome: 'unknown', reason });
    expect(after).toMatchObject({
      state: 'retry',
      unresolved: { endedAt: NOW + 15_000, traces: [{ name: 'Lamp' }] },
    });
    expect(after && step(after, NO_KEY)).toMatchObject({ record: { state: 'retry', dueAt: NOW + 75_000 } });
  });

  test('an attempt that ended with its worker is as unknown as one without an answer', () => {
    const lost = afterLostAttempt(begun(record(), NO_KEY), NOW + 15_000, SETTINGS);
    expect(lost).toMatchObject({
      unresolved: { since: NOW },
      unsettled: { until: NOW + 135_000 },
      unfinished: 1,
    });
    expect(lost.attempt).toBeUndefined();
  });

  test('fails at the eighth try', () => {
    const seventh = begun(record({ hubspotId: '51', attempts: 6 }));
    expect(finish(seventh, { kind: 'passing', outcome: 'unknown', reason })?.state).toBe('retry');
    const eighth = begun(record({ hubspotId: '51', attempts: 7 }));
    expect(finish(eighth, { kind: 'passing', outcome: 'unknown', reason })).toMatchObject({
      state: 'failed',
      ...reason,
    });
  });

  test('of a batch refused as a whole halves the next, down to one', () => {
    const refused = finish(begun(record()), { kind: 'refused-in-batch', size: 7 });
    expect(refused).toMatchObject({ batchLimit: 3, attempts: 0, state: 'pending' });
    expect(finish(begun(record()), { kind: 'refused-in-batch', size: 2 })).toMatchObject({ batchLimit: 1 });
  });

  test('a conflict adopts a stranger’s record, waits for one of ours that moves, and fails for one that does not', () => {
    const conflict = (holder?: { externalId: string; isMoving: boolean }): WriteOutcome => ({
      kind: 'conflict',
      existing: { hubspotId: '77', ...(holder ? { holder } : {}) },
      reason: { reasonCode: 'hubspot-value-taken', reason: 'Taken.' },
    });
    expect(finish(begun(record()), conflict())).toMatchObject({
      hubspotId: '77',
      adopted: true,
      dueAt: NOW + 500,
    });
    expect(finish(begun(record()), conflict({ externalId: 'P-2', isMoving: true }))).toMatchObject({
      state: 'retry',
      reasonCode: 'record-held-by-another',
    });
    expect(finish(begun(record()), conflict({ externalId: 'P-2', isMoving: false }))).toMatchObject({
      state: 'failed',
      reasonCode: 'record-held-by-another',
      reason: expect.stringContaining('P-2'),
    });
  });
});

describe('waiting and batches', () => {
  test('waits grow from a second to the cap, with full jitter', () => {
    expect(retryWait(0, 300_000, 0.999_999)).toBe(1_000);
    expect(retryWait(3, 300_000, 0.5)).toBe(4_000);
    expect(retryWait(30, 300_000, 0.999_999_9)).toBe(300_000);
    expect(retryWait(5, 300_000, 0)).toBe(0);
    expect(lockedWait(1, 300_000, 0)).toBe(2_000);
  });

  test('who ended its worker shares its batch with fewer, and the third time stands alone', () => {
    expect([0, 1, 2].map((unfinished) => batchLimit(record({ unfinished })))).toEqual([100, 10, 1]);
    const writes = Array.from({ length: 130 }, (_, index) => {
      const one = record({ externalId: `P-${index}`, unfinished: index < 12 ? 1 : 0 });
      return { before: one, record: one, write: writeOf(one) };
    });
    expect(batchesOf(writes).map((batch) => batch.writes.length)).toEqual([10, 10, 100, 10]);
  });

  test('known records are written before those that go by key', () => {
    const known = record({ externalId: 'P-2', hubspotId: '51' });
    const planned = [record(), known].map((one) => ({ before: one, record: one, write: writeOf(one) }));
    expect(batchesOf(planned).map(({ call }) => call)).toEqual(['update', 'upsert']);
  });
});

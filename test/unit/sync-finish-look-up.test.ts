import { describe, expect, test } from '@jest/globals';
import type { PortalProperties } from '../../functions/sync/mapping/portal-properties.ts';
import type { SyncRecord, UnresolvedCreates } from '../../functions/sync/records/sync-record.ts';
import { beginLookUp, beginWrite } from '../../functions/sync/steps/attempt.ts';
import {
  besideHeld,
  type Candidate,
  finishLookUp,
  type LookUpOutcome,
} from '../../functions/sync/steps/finish-look-up.ts';
import { finishWrite } from '../../functions/sync/steps/finish-write.ts';
import { lookUpGone, lookUpUnresolved } from '../../functions/sync/steps/look-up.ts';
import { nextStep } from '../../functions/sync/steps/next-step.ts';
import { NO_KEY, NOW, record, SETTINGS, UNIQUE } from '../support/sync-record.ts';

const ORDINARY: PortalProperties = { ordinaryKey: 'ledgerbridge_product_id', names: UNIQUE.names };
const LATER = NOW + 500;

/** A create of a product of this name has been lost a while ago. */
const unresolved = (more: Partial<UnresolvedCreates> = {}): UnresolvedCreates => ({
  since: NOW - 100_000,
  endedAt: NOW - 85_000,
  traces: [{ name: 'Lamp' }],
  misses: 0,
  lookAt: NOW - 85_000,
  ...more,
});

const begun = (one: SyncRecord): SyncRecord => beginLookUp(one, { id: 'a', now: NOW });

const lookUpOf = (one: SyncRecord, properties: PortalProperties) => {
  const context = { now: NOW, properties, settings: SETTINGS };
  return one.unresolved ? lookUpUnresolved(one, context) : lookUpGone(one, context);
};

const finish = (
  one: SyncRecord,
  outcome: LookUpOutcome,
  {
    properties = NO_KEY,
    settings = SETTINGS,
  }: { properties?: PortalProperties; settings?: typeof SETTINGS } = {},
) =>
  finishLookUp(one, 'a', lookUpOf(one, properties), outcome, { now: LATER, random: 0.5, settings }) ??
  record();

const answered = (...candidates: Candidate[]): LookUpOutcome => ({ kind: 'answered', candidates });

const cutOff = (one: SyncRecord): LookUpOutcome => ({
  kind: 'answered',
  candidates: [],
  cutOff: lookUpOf(one, NO_KEY).probes[0],
});

describe('a look-up that would fail', () => {
  const lost = begun(record({ unresolved: unresolved() }));
  const gone = begun(record({ hubspotId: '51', gone: true }));
  const one: Candidate = { hubspotId: '61', by: 'search' };
  const FAILURES: [string, SyncRecord, LookUpOutcome, PortalProperties][] = [
    ['two records answer', lost, answered(one, { ...one, hubspotId: '62' }), NO_KEY],
    ['our key is on another’s record', lost, answered({ ...one, by: 'unique', holder: 'P-2' }), UNIQUE],
    ['the search is cut off', lost, cutOff(lost), NO_KEY],
    [
      'HubSpot refuses the question',
      lost,
      { kind: 'refused', reason: { reasonCode: 'hubspot-refused', reason: 'No.' } },
      NO_KEY,
    ],
    ['the record is gone', gone, answered(), UNIQUE],
  ];

  test.each(FAILURES)('because %s fails the record that was looked for', (_, before, outcome, properties) => {
    expect(finish(before, outcome, { properties })).toMatchObject({ state: 'failed', dueAt: undefined });
  });

  test.each(FAILURES)('because %s leaves a newer version its own try', (_, before, outcome, properties) => {
    const newer = { ...before, revision: before.revision + 1 };
    expect(finish(newer, outcome, { properties })).toMatchObject({
      state: 'pending',
      dueAt: LATER,
      attempt: undefined,
    });
  });
});

test('who holds the address that an older version wanted is taken over by nobody', () => {
  const asked = begun(record({ unresolved: unresolved({ onlyFor: 1 }), revision: 1 }));
  const holder: Candidate = { hubspotId: '61', by: 'email' };
  expect(finish(asked, answered(holder))).toMatchObject({ hubspotId: '61' });
  const changed = finish({ ...asked, revision: 2 }, answered(holder));
  expect(changed).toMatchObject({ unresolved: undefined, dueAt: LATER });
  expect(changed.hubspotId).toBeUndefined();
});

describe('who has the address of a lost create', () => {
  const email = 'anna@example.com';
  const lost = (wanted: string | undefined): SyncRecord =>
    begun(
      record({
        type: 'contacts',
        desired: { kind: 'contact', content: { email: wanted, firstName: 'Anna' } },
        unresolved: unresolved({ traces: [{ email }] }),
      }),
    );
  const holder = (createdAt?: number): LookUpOutcome =>
    answered({ hubspotId: '61', by: 'email', email, createdAt });
  const BEFORE = NOW - 200_000;

  test('is that create where HubSpot made it since, whatever address is wanted now', () => {
    for (const wanted of [email, 'other@example.com', undefined]) {
      const finished = finish(lost(wanted), holder(NOW - 99_000));
      expect(finished).toMatchObject({ hubspotId: '61', unresolved: undefined });
      expect(finished.adopted).toBeUndefined();
    }
  });

  test('is adopted where it was there before and its address is still wanted, and else left alone', () => {
    expect(finish(lost(email), holder(BEFORE))).toMatchObject({ hubspotId: '61', adopted: true });
    for (const one of [
      lost('other@example.com'),
      { ...lost(email), desired: { kind: 'deleted' } as const },
    ]) {
      const finished = finish(one, holder(BEFORE));
      expect(finished).toMatchObject({ unresolved: undefined, dueAt: LATER });
      expect(finished.hubspotId).toBeUndefined();
    }
  });

  test('is a stranger where nothing was lost, however young', () => {
    const asked = { ...lost(email), unresolved: unresolved({ onlyFor: 2, traces: [{ email }] }) };
    expect(finish(asked, holder(NOW))).toMatchObject({ hubspotId: '61', adopted: true });
  });
});

describe('a record of unknown whereabouts', () => {
  const lost = begun(record({ unresolved: unresolved() }));

  test('that another has just taken counts as not found this time, and is not forgotten', () => {
    const outcome = answered({ hubspotId: '61', by: 'search' });
    expect(finish(lost, outcome)).toMatchObject({ hubspotId: '61', unresolved: undefined });
    const beside = finish(lost, besideHeld(outcome, { hubspotId: '61', holder: 'P-2' }));
    expect(beside.hubspotId).toBeUndefined();
    expect(beside).toMatchObject({
      state: 'retry',
      unresolved: { misses: 1, traces: [{ name: 'Lamp' }] },
      dueAt: LATER + 60_000,
    });
  });

  test('is not there when a search has said so twice, but may be when the search was cut off', () => {
    const again = begun(record({ unresolved: unresolved({ misses: 1 }) }));
    expect(finish(again, answered())).toMatchObject({ unresolved: undefined, dueAt: LATER });
    expect(finish(again, cutOff(again))).toMatchObject({
      state: 'failed',
      reasonCode: 'may-already-exist',
      reason: expect.stringContaining('too many records there have "Lamp" as name'),
      unresolved: again.unresolved,
    });
  });

  test('of a batch refused as a whole is asked for among half as many, and alone fails with what HubSpot said', () => {
    expect(finish(lost, { kind: 'refused-in-batch', size: 7 })).toMatchObject({
      state: 'pending',
      batchLimit: 3,
      attempts: 0,
      dueAt: LATER,
      unresolved: lost.unresolved,
    });
    const reason = { reasonCode: 'hubspot-refused', reason: 'No.' } as const;
    expect(finish(lost, { kind: 'refused', reason })).toMatchObject({
      state: 'failed',
      ...reason,
      unresolved: lost.unresolved,
    });
  });
});

describe('a record whose id is gone', () => {
  const recreate = { ...SETTINGS, onHubSpotDeletion: 'recreate' } as const;
  const known = record({ hubspotId: '51', gone: true });
  const step = (one: SyncRecord, now: number, properties: PortalProperties) =>
    nextStep(one, { now, properties, settings: recreate });

  test('is looked for at once by what is exact, and made anew where that finds nothing', () => {
    expect(step(known, NOW, UNIQUE)).toMatchObject({ kind: 'look-up', lookUp: { purpose: 'gone' } });
    const after = finish(begun(known), answered(), { properties: UNIQUE, settings: recreate });
    expect(after).toMatchObject({ hubspotId: undefined, gone: undefined, dueAt: LATER });
  });

  test('is searched for when the index has caught up, and made anew only when that finds nothing twice', () => {
    const waiting = step(known, NOW, ORDINARY);
    expect(waiting).toMatchObject({ kind: 'rest', record: { hubspotId: '51', dueAt: NOW + 60_000 } });
    const before = waiting.kind === 'rest' ? waiting.record : known;
    // A change in between does not begin the wait anew.
    expect(step(before, NOW + 59_999, ORDINARY)).toMatchObject({ record: { dueAt: NOW + 60_000 } });
    expect(step(before, NOW + 60_000, ORDINARY)).toMatchObject({ kind: 'look-up' });

    const first = finish(begun(before), answered(), { properties: ORDINARY, settings: recreate });
    expect(first).toMatchObject({ hubspotId: '51', gone: { misses: 1 }, dueAt: LATER + 60_000 });
    const second = finish(begun(first), answered(), { properties: ORDINARY, settings: recreate });
    expect(second).toMatchObject({ hubspotId: undefined, gone: undefined, dueAt: LATER });
    expect(finish(begun(first), answered(), { properties: ORDINARY })).toMatchObject({
      state: 'failed',
      reasonCode: 'hubspot-record-gone',
      reason: expect.stringContaining('51'),
    });
  });

  test('that a search finds elsewhere is taken over there', () => {
    const outcome = answered({ hubspotId: '61', by: 'key-search' }, { hubspotId: '51', by: 'key-search' });
    expect(finish(begun(known), outcome, { properties: ORDINARY })).toMatchObject({
      hubspotId: '61',
      gone: undefined,
    });
  });
});

describe('a deletion while a lost create may still land', () => {
  const until = NOW + 100_000;
  const trace = { key: 'ledgerbridge_product_id', name: 'Lamp' };
  const lost = record({
    desired: { kind: 'deleted' },
    unresolved: unresolved({ traces: [trace] }),
    unsettled: { until, archived: false },
  });
  const step = (one: SyncRecord, now: number) =>
    nextStep(one, { now, properties: UNIQUE, settings: SETTINGS });
  const rested = (one: SyncRecord, now: number): SyncRecord => {
    const next = step(one, now);
    if (next.kind !== 'rest') throw new Error(`a rest was expected, not ${next.kind}`);
    return next.record;
  };
  const missed = finish(begun(lost), answered(), { properties: UNIQUE });
  const waiting = rested(missed, LATER);

  test('ends only when the create was looked for once more after that', () => {
    expect(missed).toMatchObject({ unresolved: undefined, unsettled: { late: { traces: [trace] } } });
    expect(waiting).toMatchObject({ state: 'retry', unresolved: { traces: [trace] }, dueAt: until });
    expect(step(waiting, until)).toMatchObject({ kind: 'look-up' });
    const again = finishLookUp(begun(waiting), 'a', lookUpOf(waiting, UNIQUE), answered(), {
      now: until,
      random: 0.5,
      settings: SETTINGS,
    });
    expect(rested(again ?? waiting, until)).toMatchObject({ state: 'archived', dueAt: undefined });
  });

  test('archives what has landed by then', () => {
    const landed = finish(begun(waiting), answered({ hubspotId: '61', by: 'unique' }), {
      properties: UNIQUE,
    });
    expect(step(landed, until)).toEqual({ kind: 'write', write: { kind: 'archive', hubspotId: '61' } });
  });

  test('waits also where the record was made again meanwhile, and its archive is done', () => {
    const made = { ...missed, hubspotId: '51', sentEmails: [], dueAt: LATER };
    const write = { kind: 'archive', hubspotId: '51' } as const;
    const archiving = beginWrite(made, write, { id: 'a', now: LATER, properties: UNIQUE });
    const done = finishWrite(
      archiving,
      'a',
      { kind: 'done', hubspotId: '51' },
      { now: LATER, random: 0.5, settings: SETTINGS },
    );
    expect(done).toMatchObject({
      state: 'retry',
      hubspotId: undefined,
      // A search older than the archive would find what was archived.
      unresolved: { endedAt: LATER, traces: [trace], lookAt: until },
      dueAt: until,
    });
  });

  test('keeps the address that the create may bring with it', () => {
    const email = 'anna@example.com';
    const contact = { ...missed, sentEmails: [email, 'other@example.com'] };
    const { late } = contact.unsettled ?? {};
    const unsettled = { until, archived: false, late: late && { ...late, traces: [{ email }] } };
    expect(rested({ ...contact, unsettled }, LATER)).toMatchObject({ sentEmails: [email] });
  });

  test('adds up the creates that were looked for in vain, each once', () => {
    const other = { ...trace, sku: 'L-1' };
    const second = { ...missed, unresolved: unresolved({ traces: [trace, other] }) };
    expect(finish(begun(second), answered(), { properties: UNIQUE })).toMatchObject({
      unsettled: { until, late: { traces: [trace, other] } },
    });
  });

  test('knows of no lost create by a question who has an address', () => {
    const { late } = missed.unsettled ?? {};
    const asked = {
      ...missed,
      unresolved: unresolved({ since: NOW, onlyFor: missed.revision, traces: [{}] }),
    };
    expect(finish(begun(asked), answered()).unsettled).toEqual({ until, archived: false, late });
    expect(late).toEqual({ since: NOW - 100_000, endedAt: NOW - 85_000, traces: [trace] });
  });

  test('looks for nothing where nothing can land any longer', () => {
    const settled = { ...lost, unsettled: { until: NOW, archived: false } };
    const after = finish(begun(settled), answered(), { properties: UNIQUE });
    expect(rested(after, LATER)).toMatchObject({ state: 'archived' });
  });
});

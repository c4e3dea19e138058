import { describe, expect, test } from '@jest/globals';
import type { PortalProperties } from '../../functions/sync/mapping/portal-properties.ts';
import type { CreateTrace, SyncRecord } from '../../functions/sync/records/sync-record.ts';
import { beginWrite } from '../../functions/sync/steps/attempt.ts';
import { finishWrite, type WriteOutcome } from '../../functions/sync/steps/finish-write.ts';
import { nextStep } from '../../functions/sync/steps/next-step.ts';
import { NO_KEY, NOW, product, record, SETTINGS, UNIQUE } from '../support/sync-record.ts';

const AFTER = NOW + 500;

function begun(one: SyncRecord, properties: PortalProperties = UNIQUE): SyncRecord {
  const step = nextStep(one, { now: NOW, properties, settings: SETTINGS });
  if (step.kind !== 'write') throw new Error(`a write was expected, not ${step.kind}`);
  return beginWrite(one, step.write, { id: 'a', now: NOW, properties });
}

const finish = (one: SyncRecord, outcome: WriteOutcome): SyncRecord => {
  const finished = finishWrite(one, 'a', outcome, { now: AFTER, random: 0.5, settings: SETTINGS });
  if (!finished) throw new Error('the attempt was expected to be ours');
  return finished;
};

const contact = (more: Partial<SyncRecord> = {}, email = 'anna@example.com'): SyncRecord =>
  record({ type: 'contacts', desired: { kind: 'contact', content: { email, firstName: 'Anna' } }, ...more });

/** A record whose lost create was looked for in vain, and may still land. */
const withLate = (one: SyncRecord, trace: CreateTrace): SyncRecord => ({
  ...one,
  unsettled: {
    until: NOW + 60_000,
    archived: false,
    late: { since: NOW - 20_000, endedAt: NOW - 5_000, traces: [trace] },
  },
});
/** A record of which nothing lost can land any longer, but which has not been written since. */
const settledContact = (): SyncRecord => contact({ unsettled: { until: NOW - 1, archived: false } });
const ANNAS: CreateTrace = { email: 'anna@example.com', name: 'Anna' };

const refusal = { reasonCode: 'hubspot-refused', reason: 'HubSpot refused the record.' } as const;
const taken = { reasonCode: 'hubspot-value-taken', reason: 'Taken.' } as const;
const refused: WriteOutcome = { kind: 'refused', reason: refusal };
const strangers: WriteOutcome = { kind: 'conflict', existing: { hubspotId: '77' }, reason: taken };
const nobodys: WriteOutcome = { kind: 'conflict', existing: undefined, reason: taken };
const held = (isMoving: boolean): WriteOutcome => ({
  kind: 'conflict',
  existing: { hubspotId: '77', holder: { externalId: 'P-2', isMoving } },
  reason: taken,
});

describe('what HubSpot has against an older version', () => {
  const changed = (one: SyncRecord): SyncRecord => ({ ...one, revision: one.revision + 1, attempts: 0 });
  const UNTRIED = { state: 'pending', dueAt: AFTER, attempt: undefined };

  test.each<[string, WriteOutcome]>([
    ['a refusal', refused],
    ['a conflict with a stranger’s record', strangers],
    ['a conflict with nobody named', nobodys],
    ['a conflict with a record of ours', held(false)],
    ['a conflict with a record of ours that moves', held(true)],
  ])('does not fail the one that came meanwhile, nor keep it waiting: %s', (_, outcome) => {
    for (const hubspotId of [undefined, '51']) {
      for (const one of [record({ hubspotId }), contact({ hubspotId })]) {
        const finished = finish(changed(begun(one)), outcome);
        expect(finished).toMatchObject(UNTRIED);
        expect(finished.reasonCode).toBeUndefined();
        expect(finished.hubspotId).toBe(hubspotId);
        expect(finished.unresolved).toBeUndefined();
      }
    }
  });

  test('fails the record where nothing newer has come', () => {
    for (const outcome of [refused, strangers, nobodys, held(false)]) {
      expect(finish(begun(contact({ hubspotId: '51' })), outcome)).toMatchObject({
        state: 'failed',
        dueAt: undefined,
      });
    }
  });

  test('does not lose a deletion', () => {
    const deleted = { ...changed(begun(record({ hubspotId: '51' }))), desired: { kind: 'deleted' } as const };
    const finished = finish(deleted, refused);
    expect(nextStep(finished, { now: AFTER, properties: UNIQUE, settings: SETTINGS })).toMatchObject({
      kind: 'write',
      write: { kind: 'archive', hubspotId: '51' },
    });
  });

  test('leaves one in line that waits for another address there, and lets it ask', () => {
    const waiting = { email: 'new@example.com', since: NOW, revision: 3, ask: true };
    const inLine = { ...changed(begun(contact({ hubspotId: '51' }))), state: 'failed', waiting } as const;
    expect(finish(inLine, refused)).toMatchObject({ state: 'failed', waiting, dueAt: AFTER });
  });

  test('looks for a lost create that may stand in the way before the newer one makes another, and takes nobody over unseen', () => {
    for (const properties of [UNIQUE, NO_KEY]) {
      const late = withLate(contact(), { ...ANNAS, key: properties.uniqueKey });
      for (const outcome of [strangers, nobodys]) {
        const finished = finish(changed(begun(late, properties)), outcome);
        expect(finished).toMatchObject({
          ...UNTRIED,
          unresolved: { since: NOW - 20_000, endedAt: AFTER, traces: [ANNAS], lookAt: AFTER },
        });
        expect(finished.hubspotId).toBeUndefined();
      }
    }
  });

  test('does not look for a lost create that a record of ours can’t be', () => {
    expect(finish(changed(begun(withLate(contact(), ANNAS))), held(false)).unresolved).toBeUndefined();
  });
});

describe('a write that HubSpot certainly did not do', () => {
  const sent = product({ name: 'Lamp', properties: { nonsense: '1' } });

  test.each<[string, WriteOutcome]>([
    ['refused', refused],
    ['refused with its batch', { kind: 'refused-in-batch', size: 2 }],
    ['turned away', { kind: 'not-called' }],
    ['not executed', { kind: 'passing', outcome: 'not-executed', reason: refusal }],
    ['in conflict', held(true)],
  ])('leaves no names and no address behind: %s', (_, outcome) => {
    const known = { hubspotId: '51', names: ['name', 'description'] };
    expect(finish(begun(record({ ...known, desired: sent })), outcome).names).toEqual(known.names);
    const before = contact({ hubspotId: '51', sentEmails: ['old@example.com'] });
    expect(finish(begun(before), outcome).sentEmails).toEqual(['old@example.com']);
    expect(finish(begun(contact()), outcome)).toMatchObject({ names: [], sentEmails: [] });
  });

  test('keeps names and the address that an earlier write of unknown outcome may have brought', () => {
    const lost = finish(begun(contact({ hubspotId: '51' })), {
      kind: 'passing',
      outcome: 'unknown',
      reason: refusal,
    });
    const after = finish(begun({ ...lost, dueAt: NOW }), refused);
    expect(after.sentEmails).toEqual(['anna@example.com']);
    expect(after.names).toEqual(lost.names);
  });

  test('has no address where a product has a property of that name', () => {
    const desired = product({ name: 'Lamp', properties: { email: 'shop@example.com' } });
    expect(begun(record({ desired }))).toMatchObject({ sentEmails: [], attempt: { email: undefined } });
  });

  test('notes the address of a stranger’s record that it takes over', () => {
    expect(finish(begun(contact(), NO_KEY), strangers)).toMatchObject({
      hubspotId: '77',
      sentEmails: ['anna@example.com'],
    });
  });
});

describe('a conflict', () => {
  const about = (
    property: string | undefined,
    existing: { hubspotId: string } | undefined,
  ): WriteOutcome => ({
    kind: 'conflict',
    existing,
    property,
    reason: taken,
  });
  const stranger = { hubspotId: '77' };

  const KEY = 'ledgerbridge_product_id';

  test.each<[string, CreateTrace, PortalProperties, string | undefined]>([
    ['a create', ANNAS, NO_KEY, undefined],
    ['a create', ANNAS, NO_KEY, 'email'],
    ['an upsert by a key that the lost create did not have', ANNAS, UNIQUE, 'email'],
    ['an upsert, over its own key', { ...ANNAS, key: KEY }, UNIQUE, KEY],
  ])('of %s with what may be its lost create has that looked for', (_, trace, properties, property) => {
    const before = withLate(contact(), trace);
    const named = finish(begun(before, properties), about(property, stranger));
    expect(named).toMatchObject({
      state: 'pending',
      unresolved: { since: NOW - 20_000, endedAt: AFTER, traces: [trace], lookAt: AFTER },
      dueAt: AFTER,
    });
    expect(named.hubspotId).toBeUndefined();
    expect(finish(begun(before, properties), about(property, undefined))).toMatchObject({
      state: 'retry',
      unresolved: { since: NOW - 20_000, traces: [trace], lookAt: AFTER + 1_000 },
      dueAt: AFTER + 1_000,
    });
  });

  test.each<[string, SyncRecord, PortalProperties, string | undefined]>([
    ['nothing was lost', contact(), NO_KEY, 'email'],
    ['what was lost was looked for when it could no longer land', settledContact(), NO_KEY, 'email'],
    [
      'the upsert would have met the lost create',
      withLate(contact(), { ...ANNAS, key: KEY }),
      UNIQUE,
      'email',
    ],
    [
      'the lost create had another address',
      withLate(contact(), { ...ANNAS, email: 'a@b.example' }),
      NO_KEY,
      'email',
    ],
    ['another property is taken', withLate(contact(), ANNAS), NO_KEY, 'tax_id'],
  ])('takes over a stranger’s record as adopted where %s', (_, before, properties, property) => {
    expect(finish(begun(before, properties), about(property, stranger))).toMatchObject({
      hubspotId: '77',
      adopted: true,
      sentEmails: ['anna@example.com'],
    });
  });

  test('is one over the address only where HubSpot says so and one was sent', () => {
    const known = contact({ hubspotId: '51' });
    const without = record({ ...known, desired: { kind: 'contact', content: { firstName: 'Anna' } } });
    const code = (one: SyncRecord, property: string | undefined) =>
      finish(begun(one), about(property, stranger)).reasonCode;
    expect(code(known, 'email')).toBe('email-held-by-stranger');
    expect(code(known, 'tax_id')).toBe('hubspot-value-taken');
    expect(code(known, undefined)).toBe('hubspot-value-taken');
    expect(code(without, 'email')).toBe('hubspot-value-taken');
  });

  test('with nobody named asks for the address, ever later, and gives up at the eighth try', () => {
    for (const property of ['email', undefined]) {
      const first = finish(begun(contact(), NO_KEY), about(property, undefined));
      expect(first).toMatchObject({
        state: 'retry',
        reasonCode: 'hubspot-value-taken',
        unresolved: { traces: [{ email: 'anna@example.com' }], lookAt: AFTER + 1_000 },
        dueAt: AFTER + 1_000,
      });
      const fifth = finish(begun(contact({ attempts: 4 }), NO_KEY), about(property, undefined));
      expect(fifth.unresolved?.lookAt).toBe(AFTER + 16_000);
      const eighth = finish(begun(contact({ attempts: 7 }), NO_KEY), about(property, undefined));
      expect(eighth).toMatchObject({ state: 'failed', reasonCode: 'hubspot-value-taken', dueAt: undefined });
      expect(eighth.unresolved).toBeUndefined();
    }
  });

  test('with nobody named is a question for this version only, unless a create may have been lost', () => {
    const changedSince = (one: SyncRecord) =>
      nextStep(
        { ...one, revision: one.revision + 1 },
        { now: AFTER, properties: NO_KEY, settings: SETTINGS },
      );
    const asked = finish(begun(contact(), NO_KEY), about('email', undefined));
    const dropped = changedSince(asked);
    expect(dropped).toMatchObject({ kind: 'rest', record: { dueAt: AFTER } });
    expect(dropped.kind === 'rest' && dropped.record.unresolved).toBeUndefined();

    const lost = finish(begun(withLate(contact(), ANNAS), NO_KEY), about('email', undefined));
    expect(changedSince(lost)).toMatchObject({ kind: 'rest', record: { unresolved: lost.unresolved } });
  });

  test('over another property with nobody named fails at once', () => {
    expect(finish(begun(contact()), about('tax_id', undefined))).toMatchObject({ state: 'failed', ...taken });
  });
});

describe('a name that is no longer sent', () => {
  const done: WriteOutcome = { kind: 'done', hubspotId: '51' };
  const known = record({ hubspotId: '51', names: ['name', 'description', 'unseen'] });

  test('is kept until HubSpot has confirmed that it is cleared, and looked at again with newer definitions', () => {
    const first = finish(begun(known), done);
    expect(first.names.toSorted()).toEqual(['ledgerbridge_product_id', 'name', 'unseen']);
    expect(first).toMatchObject({ state: 'synced', attempts: 0, dueAt: AFTER + 50_001 });

    const later = { ...UNIQUE, names: new Set([...UNIQUE.names, 'unseen']) };
    const second = finish(begun(first, later), done);
    expect(second.names.toSorted()).toEqual(['ledgerbridge_product_id', 'name']);
    expect(second).toMatchObject({ state: 'synced', dueAt: undefined });
  });

  test('of a property that the portal does not get is not asked for again', () => {
    const first = finish(begun(known), done);
    const at = { now: AFTER + 60_000, properties: UNIQUE, settings: SETTINGS };
    expect(nextStep(first, at)).toMatchObject({
      kind: 'rest',
      record: { state: 'synced', dueAt: undefined },
    });
  });

  test('was never in a record that is made anew', () => {
    const made = finish(begun(record({ names: ['unseen'] }), NO_KEY), done);
    expect(made).toMatchObject({ names: ['name'], dueAt: undefined });
  });
});

test('what was only to be made is never gone: it is tried again', () => {
  for (const properties of [UNIQUE, NO_KEY]) {
    const finished = finish(begun(record(), properties), { kind: 'gone' });
    expect(finished).toMatchObject({
      state: 'retry',
      reasonCode: 'hubspot-unreadable-answer',
      dueAt: AFTER + 1_000,
      names: [],
    });
    expect(finished.gone).toBeUndefined();
  }
});

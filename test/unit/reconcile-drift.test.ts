import { describe, expect, test } from '@jest/globals';
import type { HubSpotRecord } from '../../functions/hubspot/hubspot-api.ts';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { driftOf, type Found, type ReconciledRecord } from '../../functions/sync/reconcile/drift.ts';
import { markedAsDue } from '../../functions/sync/reconcile/mark-drift.ts';
import { dayOf, nightOf } from '../../functions/sync/reconcile/night.ts';
import { parseReconcileSettings } from '../../functions/sync/reconcile/reconcile-settings.ts';
import { isSameValue } from '../../functions/sync/reconcile/same-value.ts';

const SYNCED_AT = Date.parse('2026-11-22T09:00:00Z');
const LATER = SYNCED_AT + 3_600_000;
const OVERWRITE = { onHubSpotEdit: 'overwrite', onHubSpotDeletion: 'fail' } as const;

const record: ReconciledRecord = {
  portalId: '4711' as PortalId,
  type: 'products',
  externalId: 'P-1',
  version: 3,
  desired: { kind: 'product', content: { name: 'Chair' } },
  contentHash: 'content',
  revision: 1,
  updatedAt: '2026-11-22T08:00:00Z',
  sourceInstant: '2026-11-22T08:00:00.000000000Z',
  state: 'synced',
  since: SYNCED_AT,
  attempts: 1,
  unfinished: 0,
  hubspotId: '501',
  syncedHash: 'hash',
  syncedAt: SYNCED_AT,
  names: ['name'],
  sentEmails: [],
};

const living = (properties: HubSpotRecord['properties'], updatedAt = SYNCED_AT): Found => ({
  kind: 'living',
  record: { id: '501', properties, archived: false, updatedAt },
});

describe('a difference that HubSpot keeps showing', () => {
  const wanted = { custom_number: '5.0' };
  const normalized = { custom_number: '5' };

  test('is marked once, and not night after night when nobody touched the record since it was written again', () => {
    const first = driftOf(record, wanted, living(normalized));
    expect(first).toMatchObject({ kind: 'values', properties: ['custom_number'] });
    const marked = first && markedAsDue(record, first, OVERWRITE, LATER);
    const healed: ReconciledRecord = { ...record, seenDrift: marked?.seenDrift, syncedAt: LATER };
    expect(driftOf(healed, wanted, living(normalized, LATER))).toBeUndefined();
  });

  test('is marked again when somebody touched the record since, when it is another, or when we want something else', () => {
    const first = driftOf(record, wanted, living(normalized));
    const healed: ReconciledRecord = {
      ...record,
      seenDrift: first?.kind === 'values' ? first.seen : undefined,
      syncedAt: LATER,
    };
    expect(driftOf(healed, wanted, living(normalized, LATER + 120_000))?.kind).toBe('values');
    expect(driftOf(healed, wanted, living({ custom_number: '6' }, LATER))?.kind).toBe('values');
    expect(driftOf(healed, { custom_number: '5.00' }, living(normalized, LATER))?.kind).toBe('values');
  });
});

describe('values are the same', () => {
  test.each([
    ['price', '9.50', '9.5'],
    ['price', '9', '9.00'],
    ['hs_price_usd', '0.50', '.5'],
    ['price', '12345678901234567.10', '12345678901234567.1'],
    ['email', 'Anna@Example.com', 'anna@example.com'],
    ['description', 'two\r\nlines ', 'two\nlines'],
    ['phone', '', null],
    ['phone', '', undefined],
  ])('%s: %j and %j', (name, wanted, actual) => {
    expect(isSameValue(name, wanted, actual)).toBe(true);
  });

  test.each([
    ['price', '9.50', '9.51'],
    ['price', '0', ''],
    ['price', '', '0'],
    ['price', '12345678901234567.1', '12345678901234567.2'],
    ['hs_sku', '007', '7'],
    ['name', 'Chair', 'chair'],
    ['phone', '1', null],
  ])('not so %s: %j and %j', (name, wanted, actual) => {
    expect(isSameValue(name, wanted, actual)).toBe(false);
  });
});

describe('a portal’s night', () => {
  const at = (text: string): number => Date.parse(text);

  test('is named by its own date, begins at the hour that is set and leaves three hours to begin in', () => {
    expect(nightOf(at('2026-11-22T01:59:00Z'), 'UTC', 2)).toBeUndefined();
    expect(nightOf(at('2026-11-22T02:00:00Z'), 'UTC', 2)).toBe('2026-11-22');
    expect(nightOf(at('2026-11-22T04:59:00Z'), 'UTC', 2)).toBe('2026-11-22');
    expect(nightOf(at('2026-11-22T05:00:00Z'), 'UTC', 2)).toBeUndefined();
    expect(nightOf(at('2026-11-22T17:30:00Z'), 'Asia/Tokyo', 2)).toBe('2026-11-23');
    expect(nightOf(at('2026-11-22T00:30:00Z'), 'UTC', 0)).toBe('2026-11-22');
    expect(dayOf(at('2026-11-22T23:30:00Z'), 'Europe/Berlin')).toBe('2026-11-23');
  });
});

describe('the settings of reconcile', () => {
  test('have defaults', () => {
    expect(parseReconcileSettings({})).toEqual({
      onHubSpotEdit: 'overwrite',
      callsPerRun: 2_000,
      callEveryMs: 400,
      startHour: 2,
    });
  });

  test('are refused by name, without the value', () => {
    const variables = { ON_HUBSPOT_EDIT: 'secret-word', RECONCILE_CALLS: '0' };
    expect(() => parseReconcileSettings(variables)).toThrow(
      'Environment variables missing or malformed: ON_HUBSPOT_EDIT (expected overwrite or keep), RECONCILE_CALLS (expected a number from 2)',
    );
  });
});

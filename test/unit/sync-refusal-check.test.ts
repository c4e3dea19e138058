import { expect, test } from '@jest/globals';
import type { BatchResult, RowResult } from '../../functions/hubspot/hubspot-api.ts';
import type { PropertiesReading } from '../../functions/sync/mapping/properties-source.ts';
import type { RawOutcome } from '../../functions/sync/steps/call-outcome.ts';
import type { WorkContext } from '../../functions/sync/worker/drain-context.ts';
import { withoutStaleRefusals } from '../../functions/sync/worker/refusal-check.ts';
import { NO_KEY, NOW, UNIQUE } from '../support/sync-record.ts';

const unknownKey = {
  kind: 'refused',
  reasonCode: 'hubspot-unknown-property',
  reason: 'Property “ledgerbridge_product_id”: The portal has no such property.',
} as const;
const invalidPrice = {
  kind: 'refused',
  reasonCode: 'hubspot-invalid-value',
  reason: 'Property “price”: no.',
} as const;
const rows: BatchResult = {
  kind: 'rows',
  rows: new Map<string, RowResult>([
    ['a', unknownKey],
    ['b', invalidPrice],
  ]),
};
const asRefused = ({ reason, reasonCode }: typeof unknownKey | typeof invalidPrice): RawOutcome => ({
  kind: 'refused',
  reason: { reason, reasonCode },
});
const ofRows = [asRefused(unknownKey), asRefused(invalidPrice)];
const unreadable = {
  kind: 'transient',
  outcome: 'unknown',
  reasonCode: 'hubspot-unavailable',
  reason: '',
} as const;

/** A worker that finds the definitions so when it reads them anew, and has so many milliseconds left. */
function workerThatReads(reading: PropertiesReading, left = 60_000) {
  let readings = 0;
  const context = {
    shard: { portalId: '4711', type: 'products', shard: 0 },
    portalProperties: UNIQUE,
    properties: {
      readAnew: async () => {
        readings += 1;
        return reading;
      },
    },
    now: () => NOW,
    deadline: NOW + left,
  } as unknown as WorkContext;
  return { context, readings: () => readings };
}

test('a refusal for a property of ours that is no longer there does not count', async () => {
  const { context } = workerThatReads({ kind: 'known', properties: NO_KEY });
  expect(await withoutStaleRefusals(context, rows, ofRows)).toEqual([
    { kind: 'not-called' },
    { kind: 'not-called' },
  ]);
});

test('one for a property that is there counts, and one for another property is not worth a call', async () => {
  const { context, readings } = workerThatReads({ kind: 'known', properties: UNIQUE });
  expect(await withoutStaleRefusals(context, rows, ofRows)).toEqual(ofRows);
  expect(readings()).toBe(1);
  expect(await withoutStaleRefusals(context, invalidPrice, ofRows)).toEqual(ofRows);
  expect(readings()).toBe(1);
});

test('while nobody can say whether ours is there, a refusal that names it passes and no other does', async () => {
  const passing = { kind: 'passing', outcome: 'not-executed' };
  for (const { context } of [
    workerThatReads(unreadable),
    workerThatReads({ kind: 'known', properties: NO_KEY }, 10_000),
  ]) {
    expect(await withoutStaleRefusals(context, rows, ofRows)).toMatchObject([
      { ...passing, reason: { reasonCode: 'hubspot-unknown-property' } },
      asRefused(invalidPrice),
    ]);
    const whole = [{ kind: 'refused-in-batch', size: 2 }] as const;
    expect(await withoutStaleRefusals(context, unknownKey, whole)).toMatchObject([
      { ...passing, reason: { reasonCode: 'hubspot-unknown-property' } },
    ]);
  }
});

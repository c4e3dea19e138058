import { describe, expect, test } from '@jest/globals';
import { type BatchRow, rowResults } from '../../functions/hubspot/row-results.ts';

const writes: BatchRow[] = [
  { key: 'a', traceId: 'a', properties: { name: 'Pump', hs_sku: 'P-1', unit: 'each' } },
  { key: 'b', traceId: 'b', properties: { name: 'Hose', hs_sku: 'H-1', unit: 'each' } },
  { key: 'c', traceId: 'c', properties: { name: 'Seal', hs_sku: 'S-1', unit: 'each' } },
];
const reads = (idProperty?: string): BatchRow[] =>
  ['11', '12', '13'].map((id) => ({ key: id, id, ...(idProperty ? { idProperty } : {}) }));

const kinds = (results: ReturnType<typeof rowResults>) =>
  Object.fromEntries([...(results ?? [])].map(([key, result]) => [key, result.kind]));
const rowError = (category: string, context: object, message = 'no') => ({
  status: 'error',
  category,
  message,
  context,
});

describe('the results of a batch', () => {
  test('are found by trace id, whatever their order', () => {
    const results = rowResults(
      writes,
      {
        status: 'COMPLETE',
        results: [
          { id: '3', properties: { hs_sku: 'S-1' }, objectWriteTraceId: 'c', new: true },
          { id: 2, properties: { hs_sku: null, price: 1.5 }, objectWriteTraceId: 'b', new: false },
          { id: '1', objectWriteTraceId: 'a', createdAt: '2026-11-01T00:00:00.000Z' },
        ],
      },
      'unknown',
    );
    expect(results?.get('c')).toMatchObject({ kind: 'ok', id: '3', created: true });
    expect(results?.get('b')).toMatchObject({
      kind: 'ok',
      id: '2',
      created: false,
      record: { properties: { hs_sku: null, price: '1.5' }, archived: false },
    });
    expect(results?.get('a')).toMatchObject({ id: '1', record: { createdAt: Date.UTC(2026, 10, 1) } });
    expect(results?.get('a')).not.toHaveProperty('created');
  });

  test('are found by a property that tells the inputs apart where HubSpot echoes no trace id', () => {
    const results = rowResults(
      writes,
      {
        results: [
          { id: '3', properties: { unit: 'each', hs_sku: 's-1 ' } },
          { id: '1', properties: { unit: 'each', hs_sku: 'P-1' } },
        ],
      },
      'unknown',
    );
    expect(results?.get('a')).toMatchObject({ kind: 'ok', id: '1' });
    expect(results?.get('c')).toMatchObject({ kind: 'ok', id: '3' });
    expect(results?.get('b')).toMatchObject({ kind: 'transient', outcome: 'unknown' });
  });

  test('a value that differs from another’s only in case finds its own row', () => {
    const rows = ['x1', 'X1'].map((id) => ({ key: id, id, idProperty: 'our_id' }));
    const results = rowResults(rows, { results: [{ id: '9', properties: { our_id: 'X1' } }] }, 'not-found');
    expect(results?.get('X1')).toMatchObject({ kind: 'ok', id: '9' });
    expect(results?.get('x1')).toMatchObject({ kind: 'not-found' });
  });

  test('of a read by our key are not mistaken for records whose HubSpot id is the same text', () => {
    const results = rowResults(
      reads('our_id'),
      {
        results: [
          { id: '12', properties: { our_id: '11' } },
          { id: '11', properties: { our_id: '13' } },
        ],
      },
      'not-found',
    );
    expect(results?.get('11')).toMatchObject({ id: '12' });
    expect(results?.get('13')).toMatchObject({ id: '11' });
    expect(results?.get('12')).toMatchObject({ kind: 'not-found' });
  });

  test('a record that was merged away is found under its old id, with the id of the survivor', () => {
    const results = rowResults(
      reads(),
      { results: [{ id: '99', properties: { hs_merged_object_ids: '7; 12' } }] },
      'not-found',
    );
    expect(results?.get('12')).toMatchObject({ kind: 'ok', id: '99' });
  });

  test.each([undefined, null, 'text', [], {}, { results: 'none' }])('%j is no batch answer', (json) => {
    expect(rowResults(writes, json, 'unknown')).toBeUndefined();
  });

  test('entries that are no records are passed over', () => {
    const results = rowResults(writes, { results: [null, 7, {}, { id: '' }] }, 'unknown');
    expect(kinds(results)).toEqual({ a: 'transient', b: 'transient', c: 'transient' });
  });
});

describe('the errors of a batch', () => {
  test.each([
    ['VALIDATION_ERROR', 'refused'],
    ['INVALID_PARAMETER', 'refused'],
    ['CONFLICT', 'conflict'],
    ['OBJECT_ALREADY_EXISTS', 'conflict'],
    ['OBJECT_NOT_FOUND', 'not-found'],
    ['RATE_LIMITS', 'transient'],
    ['INTERNAL_ERROR', 'transient'],
    ['A_NEW_CATEGORY', 'transient'],
  ])('%s beside a row is %s for that row alone', (category, kind) => {
    const results = rowResults(
      writes,
      {
        results: [
          { id: '1', objectWriteTraceId: 'a' },
          { id: '3', objectWriteTraceId: 'c' },
        ],
        numErrors: 1,
        errors: [rowError(category, { objectWriteTraceId: ['b'] })],
      },
      'unknown',
    );
    expect(kinds(results)).toEqual({ a: 'ok', b: kind, c: 'ok' });
  });

  test('a refused value names its property, a conflict its holder', () => {
    const refused = `Property values were not valid: [{"name":"price","error":"INVALID_LONG","message":"x was not a valid number."}]`;
    const results = rowResults(
      writes,
      {
        results: [],
        errors: [
          rowError('VALIDATION_ERROR', { objectWriteTraceId: ['a'] }, refused),
          rowError('CONFLICT', { objectWriteTraceId: ['b'] }, 'Contact already exists. Existing ID: 51'),
          rowError('VALIDATION_ERROR', { objectWriteTraceId: ['c'] }, 'on 1. 52 already has that value.'),
        ],
      },
      'unknown',
    );
    expect(results?.get('a')).toMatchObject({ kind: 'refused', reasonCode: 'hubspot-invalid-value' });
    expect(results?.get('a')).toMatchObject({ reason: expect.stringContaining('“price”') });
    expect(results?.get('b')).toMatchObject({ kind: 'conflict', existingId: '51', property: 'email' });
    expect(results?.get('c')).toMatchObject({ kind: 'conflict', existingId: '52' });
  });

  test('one error can name many rows by their ids', () => {
    const results = rowResults(
      reads(),
      {
        results: [{ id: '12', properties: {} }],
        numErrors: 1,
        errors: [rowError('OBJECT_NOT_FOUND', { ids: ['11', 13] })],
      },
      'not-found',
    );
    expect(kinds(results)).toEqual({ 11: 'not-found', 12: 'ok', 13: 'not-found' });
  });

  test('an internal error leaves open whether the row was written, a throttled row was not', () => {
    const results = rowResults(
      writes,
      {
        results: [],
        errors: [
          rowError('INTERNAL_ERROR', { objectWriteTraceId: ['a'] }),
          rowError('RATE_LIMITS', { objectWriteTraceId: ['b'] }),
        ],
      },
      'unknown',
    );
    expect(results?.get('a')).toMatchObject({ outcome: 'unknown', reasonCode: 'hubspot-row-failed' });
    expect(results?.get('b')).toMatchObject({ outcome: 'not-executed' });
    expect(results?.get('c')).toMatchObject({ outcome: 'unknown', reasonCode: 'hubspot-row-unanswered' });
  });

  test('the one error that names no row belongs to the one row without a result', () => {
    const answer = {
      results: [
        { id: '1', objectWriteTraceId: 'a' },
        { id: '2', objectWriteTraceId: 'b' },
      ],
      errors: [rowError('VALIDATION_ERROR', {})],
    };
    expect(kinds(rowResults(writes, answer, 'unknown'))).toMatchObject({ c: 'refused' });
  });

  test('errors that name no row decide about none of several', () => {
    const answer = {
      results: [{ id: '1', objectWriteTraceId: 'a' }],
      errors: [rowError('VALIDATION_ERROR', {}), rowError('CONFLICT', {})],
    };
    expect(kinds(rowResults(writes, answer, 'unknown'))).toEqual({
      a: 'ok',
      b: 'transient',
      c: 'transient',
    });
  });

  test('a record is called missing only where the answer holds no error that could be about it', () => {
    const some = { results: [{ id: '11', properties: {} }] };
    expect(kinds(rowResults(reads(), some, 'not-found'))).toMatchObject({ 12: 'not-found' });
    const unclear = { ...some, errors: [rowError('INTERNAL_ERROR', {})] };
    expect(kinds(rowResults(reads(), unclear, 'not-found'))).toMatchObject({ 12: 'transient' });
    expect(kinds(rowResults(reads(), { ...some, numErrors: 2 }, 'not-found'))).toMatchObject({
      12: 'transient',
    });
  });
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../local/hubspot/fault.ts';
import { ConnectionLost } from '../../local/hubspot/http-message.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';

const PORTAL = '101';
let now: number;
let sleepers: { until: number; wake: () => void }[];
let hubspot: HubSpotImitation;

/** Moves the simulated clock on and wakes whoever slept until then. */
async function pass(milliseconds: number): Promise<void> {
  now += milliseconds;
  for (const { until, wake } of sleepers) if (until <= now) wake();
  sleepers = sleepers.filter(({ until }) => until > now);
  await new Promise(setImmediate);
}

async function send(method: string, url: string, body: unknown = {}, token = 'token-a') {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await hubspot.handle({ method, url, headers, body: JSON.stringify(body) });
  return { ...answer, json: answer.body.startsWith('{') ? JSON.parse(answer.body) : undefined };
}

const create = (name = 'Pump') => send('POST', '/crm/v3/objects/products', { properties: { name } });
const products = () => hubspot.records(PORTAL, 'products');
const find = (filters: unknown[], extras = {}) =>
  send('POST', '/crm/v3/objects/products/search', { filterGroups: [{ filters }], ...extras });

/** A fault asked for through the imitation's own endpoint. */
async function ask(rule: FaultRule) {
  const answer = await send('POST', '/_imitation/faults', rule);
  expect(answer.status).toBe(201);
  return answer.json.id;
}

beforeEach(() => {
  now = Date.parse('2026-11-22T08:00:00Z');
  sleepers = [];
  hubspot = createHubSpot({
    clock: () => now,
    sleep: (milliseconds) => new Promise((wake) => sleepers.push({ until: now + milliseconds, wake })),
    tokens: new Map([
      ['token-a', PORTAL],
      ['token-b', '202'],
    ]),
  });
});

describe('faults on demand', () => {
  test('any status for the next calls, with nothing written, then all is well', async () => {
    await ask({ kind: 'status', status: 503, times: 2, path: '/products' });
    const first = await create();
    expect([first.status, first.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect((await create()).status).toBe(503);
    expect((await create()).status).toBe(201);
    expect(products()).toHaveLength(1);
  });

  test('a status may carry Retry-After and a body, and may come although the write was done', async () => {
    await ask({ kind: 'status', status: 477, retryAfter: 60, body: { status: 'error' }, applied: true });
    const answer = await create();
    expect([answer.status, answer.headers['retry-after'], answer.body]).toEqual([
      477,
      '60',
      '{"status":"error"}',
    ]);
    expect(products()).toHaveLength(1);
  });

  test('a fault is laid only on the portal, method and path it names, and after the calls it skips', async () => {
    await ask({ kind: 'status', status: 500, portalId: PORTAL, method: 'POST', path: '/products', skip: 1 });
    expect((await send('POST', '/crm/v3/objects/products', { properties: {} }, 'token-b')).status).toBe(201);
    expect((await send('GET', '/crm/v3/objects/products')).status).toBe(200);
    expect((await create()).status).toBe(201);
    expect((await create()).json.category).toBe('INTERNAL_ERROR');
  });

  test('one that stays is listed until it is removed', async () => {
    const id = await ask({ kind: 'status', status: 423, times: null });
    expect((await create()).status).toBe(423);
    expect((await send('GET', '/_imitation/faults')).json.results).toMatchObject([{ id, remaining: null }]);
    expect((await send('DELETE', `/_imitation/faults/${id}`)).status).toBe(204);
    expect((await create()).status).toBe(201);
  });

  test('a lost request writes nothing, a lost response has written', async () => {
    await ask({ kind: 'lost-request' });
    await expect(create()).rejects.toThrow(ConnectionLost);
    expect(products()).toHaveLength(0);
    await ask({ kind: 'lost-response' });
    await expect(create()).rejects.toThrow(ConnectionLost);
    expect(products()).toHaveLength(1);
    expect(hubspot.calls(PORTAL).map(({ fault, status }) => [fault, status])).toEqual([
      ['lost-request', undefined],
      ['lost-response', undefined],
    ]);
  });

  test('a late write is carried out at its time, on top of what came in between', async () => {
    const id = hubspot.seed(PORTAL, 'products', { name: 'first' });
    const url = `/crm/v3/objects/products/${id}`;
    await ask({ kind: 'late-write', commitAfterMs: 15_000, answer: 'never' });
    const late = expect(send('PATCH', url, { properties: { name: 'older' } })).rejects.toThrow(
      ConnectionLost,
    );
    await send('PATCH', url, { properties: { name: 'newer' } });
    await pass(14_999);
    expect(products()[0]?.properties.name).toBe('newer');
    await pass(1);
    await late;
    expect(products()[0]).toMatchObject({
      properties: { name: 'older' },
      updatedAt: '2026-11-22T08:00:15.000Z',
    });
  });

  test('a slow answer belongs to a write that was done at once', async () => {
    await ask({ kind: 'slow', delayMs: 5_000 });
    let status: number | undefined;
    const slow = create().then((answer) => {
      status = answer.status;
    });
    await pass(4_999);
    expect([products().length, status]).toEqual([1, undefined]);
    await pass(1);
    await slow;
    expect(status).toBe(201);
  });

  test('a half-failed batch writes the other half', async () => {
    await ask({ kind: 'row-errors', every: 2, status: 409, category: 'CONFLICT', message: 'not this one' });
    const inputs = ['a', 'b', 'c', 'd'].map((name) => ({ objectWriteTraceId: name, properties: { name } }));
    const answer = await send('POST', '/crm/v3/objects/products/batch/create', { inputs });
    expect(answer.status).toBe(207);
    expect(answer.json.errors).toMatchObject([
      { category: 'CONFLICT', message: 'not this one', context: { objectWriteTraceId: ['b'] } },
      { context: { objectWriteTraceId: ['d'] } },
    ]);
    expect(products().map(({ properties }) => properties.name)).toEqual(['a', 'c']);
  });

  test('a held call dies with the imitation', async () => {
    await ask({ kind: 'late-write', commitAfterMs: 1_000, answer: 'late' });
    const held = expect(create()).rejects.toThrow(ConnectionLost);
    await pass(0);
    hubspot.close();
    await pass(1_000);
    await held;
    expect(products()).toHaveLength(0);
  });

  test.each([
    [{ kind: 'flood' }],
    [{ kind: 'slow' }],
    [{ kind: 'status', status: 500, colour: 'red' }],
    [{ kind: 'status', status: 9999 }],
    [{ kind: 'status', status: 100 }],
    [{ kind: 'status', status: 500, times: 0 }],
    [{ kind: 'status', status: 500, times: 1.5 }],
    [{ kind: 'status', status: 500, skip: -1 }],
    [{ kind: 'row-errors', rows: ['a'] }],
    [{ kind: 'row-errors', rows: [0.5] }],
    [{ kind: 'row-errors', every: 0 }],
    [{ kind: 'row-errors', status: 42 }],
  ])('%j is no fault: 400, and nothing is laid on', async (rule) => {
    expect((await send('POST', '/_imitation/faults', rule)).status).toBe(400);
    expect(hubspot.faults.pending()).toEqual([]);
  });

  test('a path that a percent sign makes unreadable is answered like any other that is not there', async () => {
    expect((await send('DELETE', '/_imitation/faults/%ZZ')).status).toBe(404);
  });
});

describe('rate limits', () => {
  test('the call above the ten-secondly limit is refused for its own portal, until the window has moved on', async () => {
    hubspot.configure({ callsPer10s: 2 });
    expect((await create()).headers['x-hubspot-ratelimit-remaining']).toBe('1');
    await pass(6_000);
    expect((await create()).status).toBe(201);
    const refused = await create();
    expect([refused.status, refused.headers['x-hubspot-ratelimit-max']]).toEqual([429, '2']);
    expect(refused.json).toMatchObject({
      status: 'error',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
      message: 'You have reached your ten_secondly_rolling limit.',
    });
    expect(refused.json.category).toBeUndefined();
    expect((await send('GET', '/crm/v3/objects/products', {}, 'token-b')).status).toBe(200);
    await pass(4_000);
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(429);
    expect(hubspot.counters(PORTAL)).toMatchObject({ calls: 5, writeCalls: 3, rateLimited: 2 });
  });

  test('search has its own limit of five a second and shows no limit headers', async () => {
    hubspot.configure({ callsPer10s: 1 });
    for (let call = 0; call < 5; call += 1) expect((await find([])).status).toBe(200);
    const refused = await find([]);
    expect(refused.json).toMatchObject({
      policyName: 'SECONDLY',
      message: 'You have reached your secondly limit.',
    });
    expect(Object.keys(refused.headers)).toEqual(['content-type']);
    expect((await create()).status).toBe(201);
    await pass(1_000);
    expect((await find([])).status).toBe(200);
  });

  test('the daily limit resets at midnight', async () => {
    await send('POST', '/_imitation/settings', { portalId: PORTAL, callsPerDay: 1 });
    await create();
    expect((await create()).json.policyName).toBe('DAILY');
    await pass(16 * 3_600_000);
    expect((await create()).status).toBe(201);
  });

  test('every call takes the latency of its portal', async () => {
    hubspot.configure({ latencyMs: 150 }, PORTAL);
    const answer = create();
    await pass(149);
    expect(products()).toHaveLength(0);
    await pass(1);
    expect((await answer).status).toBe(201);
  });
});

describe('search', () => {
  test('finds a write only after the lag, and until then the record as it was', async () => {
    hubspot.configure({ searchLagMs: 3_000 });
    const id = hubspot.seed(PORTAL, 'products', { name: 'Pump', hs_sku: 'A' });
    const bySku = () =>
      find([{ propertyName: 'hs_sku', operator: 'EQ', value: 'a' }], { properties: ['name'] });
    await pass(2_999);
    expect((await bySku()).json).toEqual({ total: 0, results: [] });
    await pass(1);
    expect((await bySku()).json.results).toMatchObject([{ id, properties: { name: 'Pump' } }]);
    hubspot.edit(PORTAL, 'products', id, { name: 'Hose' });
    await pass(2_000);
    expect((await bySku()).json.results).toMatchObject([{ properties: { name: 'Pump' } }]);
    await send('POST', '/_imitation/settings', { searchLagMs: 2_000 });
    expect((await bySku()).json.results).toMatchObject([{ properties: { name: 'Hose' } }]);
    hubspot.archive(PORTAL, 'products', id);
    await pass(2_000);
    expect((await bySku()).json.total).toBe(0);
  });

  test('filters, sorts and pages', async () => {
    for (const [hs_sku, price] of Object.entries({ a: '9', b: '10', c: '11', d: '2' })) {
      hubspot.seed(PORTAL, 'products', { hs_sku, price });
    }
    const skus = (answer: Awaited<ReturnType<typeof send>>) =>
      answer.json.results
        .map(({ properties }: { properties: Record<string, string> }) => properties.hs_sku)
        .join('');
    const properties = ['hs_sku'];
    const price = (operator: string, fields: object) =>
      find([{ propertyName: 'price', operator, ...fields }], { properties });
    expect(skus(await price('GT', { value: '9' }))).toBe('bc');
    expect(skus(await price('BETWEEN', { value: '2', highValue: '9' }))).toBe('ad');
    const among = (values: string[]) =>
      find([{ propertyName: 'hs_sku', operator: 'IN', values }], { properties });
    expect(skus(await among(['a', 'd', 'x']))).toBe('ad');
    expect((await among(['A'])).json.total).toBe(0);
    await pass(1_000);
    const sorted = await find([], { properties, sorts: ['-price'], limit: 3 });
    expect([skus(sorted), sorted.json.total, sorted.json.paging.next.after]).toEqual(['cba', 4, '3']);
    expect(skus(await find([], { properties, sorts: ['-price'], limit: 3, after: '3' }))).toBe('d');
  });

  const filter = { propertyName: 'name', operator: 'EQ', value: 'x' };
  test.each([
    ['201 a page', { limit: 201 }],
    ['more than 10,000 results deep', { after: '9999' }],
    ['a body of 3,000 characters and more', { query: 'x'.repeat(3_000) }],
    ['six groups', { filterGroups: Array(6).fill({ filters: [filter] }) }],
    ['seven filters in a group', { filterGroups: [{ filters: Array(7).fill(filter) }] }],
    ['19 filters', { filterGroups: Array(4).fill({ filters: Array(5).fill(filter) }) }],
    ['an unknown property', { filterGroups: [{ filters: [{ ...filter, propertyName: 'colour' }] }] }],
    ['an unknown operator', { filterGroups: [{ filters: [{ ...filter, operator: 'LIKE' }] }] }],
  ])('refuses %s', async (_what, body) => {
    const answer = await send('POST', '/crm/v3/objects/products/search', body);
    expect([answer.status, answer.json.category]).toEqual([400, 'VALIDATION_ERROR']);
  });
});

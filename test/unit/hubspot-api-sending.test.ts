import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CallBudget } from '../../functions/hubspot/call-budget.ts';
import type { BudgetPool } from '../../functions/hubspot/hubspot-api.ts';
import { type GatewaySettings, hubSpotGateway } from '../../functions/hubspot/hubspot-gateway.ts';

interface SentCall {
  url: string;
  init: RequestInit;
}

/** A network that gives prepared answers and keeps what was sent. */
let sent: SentCall[];
let answers: (Response | Error)[];
let taken: [portalId: string, pool: BudgetPool, waitMs: number][];
let now: number;
let tokens: string[];

const budget: CallBudget = {
  take: async (portalId, pool, waitMs) => {
    taken.push([portalId, pool, waitMs]);
    return { kind: 'taken', usableUntil: now + 250 };
  },
};

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

function api(change: Partial<GatewaySettings> = {}) {
  return hubSpotGateway({
    baseUrl: 'https://hubspot.test',
    apiVersion: '2026-03',
    accessToken: async () => tokens.shift() ?? 'token-last',
    budget,
    now: () => now,
    fetch: async (url, init = {}) => {
      sent.push({ url: String(url), init });
      const answer = answers.shift() ?? json(200, { results: [] });
      if (answer instanceof Response) return answer;
      throw answer;
    },
    ...change,
  })('101');
}

const bodyOf = (call: SentCall | undefined) => JSON.parse(String(call?.init.body));
const create = (change?: Partial<GatewaySettings>) =>
  api(change).batchCreate('products', [{ traceId: 't1', properties: { name: 'Pump' } }]);

beforeEach(() => {
  sent = [];
  answers = [];
  taken = [];
  tokens = [];
  now = 1_800_000_000_000;
});

describe('a call', () => {
  test.each([
    ['2026-03', 'https://hubspot.test/crm/objects/2026-03/products/batch/create'],
    ['v3', 'https://hubspot.test/crm/v3/objects/products/batch/create'],
  ] as const)('goes to the paths of the API version %s', async (apiVersion, url) => {
    await create({ apiVersion });
    expect(sent[0]?.url).toBe(url);
  });

  test('carries the portal’s token, a trace id on every input, and follows no redirect', async () => {
    tokens = ['token-a'];
    await create();
    expect(sent[0]?.init).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      headers: { authorization: 'Bearer token-a', 'content-type': 'application/json' },
    });
    expect(bodyOf(sent[0])).toEqual({ inputs: [{ properties: { name: 'Pump' }, objectWriteTraceId: 't1' }] });
  });

  test('an upsert names its id property in each input', async () => {
    await api().batchUpsert('contacts', [
      { traceId: 't1', idProperty: 'our_id', id: 'C-1', properties: { email: 'a@x.io' } },
    ]);
    expect(bodyOf(sent[0]).inputs).toEqual([
      { id: 'C-1', idProperty: 'our_id', properties: { email: 'a@x.io' }, objectWriteTraceId: 't1' },
    ]);
  });

  test('searches take from their own budget, everything else from the common one', async () => {
    await api().search('products', { filterGroups: [], properties: [], limit: 10 }, { budgetWaitMs: 50 });
    await api().listProperties('products');
    expect(taken).toEqual([
      ['101', 'search', 50],
      ['101', 'calls', 10_000],
    ]);
  });

  test('a batch of none, of more than 100, or with a key twice is the caller’s mistake and never sent', async () => {
    const inputs = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ traceId: `t${index}`, properties: {} }));
    await expect(api().batchCreate('products', [])).rejects.toThrow(RangeError);
    await expect(api().batchCreate('products', inputs(101))).rejects.toThrow(RangeError);
    await expect(api().batchArchive('products', ['7', '7'])).rejects.toThrow(RangeError);
    expect((await api().batchCreate('products', inputs(100))).kind).toBe('rows');
    expect(sent).toHaveLength(1);
  });
});

describe('answers', () => {
  test('a 2xx that is no JSON leaves open what was done', async () => {
    answers = [new Response('<html>ok</html>', { status: 200 })];
    expect(await create()).toMatchObject({
      kind: 'transient',
      outcome: 'unknown',
      reasonCode: 'hubspot-unreadable-answer',
      status: 200,
    });
  });

  test('one that is larger than any real one is not read to its end', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
      },
    });
    answers = [new Response(endless, { status: 200 })];
    expect(await create()).toMatchObject({ kind: 'transient', reasonCode: 'hubspot-unreadable-answer' });
    expect(pulled).toBeLessThan(40);
  });

  test('a token that comes back in an error is struck out', async () => {
    tokens = ['token-secret'];
    answers = [json(400, { message: 'bad header Bearer token-secret', correlationId: 'token-secret' })];
    const failure = JSON.stringify(await create());
    expect(failure).toContain('[token]');
    expect(failure).not.toContain('token-secret');
  });

  test('an archive is answered without a body and is done for every id', async () => {
    answers = [new Response(null, { status: 204 })];
    const result = await api().batchArchive('products', ['7', '8']);
    expect(result).toMatchObject({ kind: 'rows' });
    if (result.kind !== 'rows') throw new Error(result.reason);
    expect([...result.rows].map(([id, row]) => [id, row.kind])).toEqual([
      ['7', 'ok'],
      ['8', 'ok'],
    ]);
  });

  test('a page has its cursor only while there is a next one', async () => {
    answers = [
      json(200, { results: [{ id: '1', properties: { name: 'A' } }], paging: { next: { after: '1' } } }),
      json(200, { results: [], paging: null, total: 0 }),
      json(200, { nothing: true }),
    ];
    const list = () => api().listPage('products', { properties: ['name', 'a b'], after: 'x y' });
    expect(await list()).toMatchObject({ kind: 'page', after: '1', records: [{ id: '1' }] });
    expect(await list()).toEqual({ kind: 'page', records: [], total: 0 });
    expect(await list()).toMatchObject({ kind: 'transient' });
    expect(sent[0]?.url).toBe(
      'https://hubspot.test/crm/objects/2026-03/products?limit=100&archived=false&properties=name%2Ca+b&after=x+y',
    );
  });

  test('properties say whether they are unique and whether they can be written', async () => {
    answers = [
      json(200, {
        results: [
          { name: 'our_id', type: 'string', hasUniqueValue: true },
          { name: 'margin', calculated: true },
          { name: 'createdate', modificationMetadata: { readOnlyValue: true } },
          { label: 'nameless' },
        ],
      }),
    ];
    expect(await api().listProperties('products')).toMatchObject({
      properties: [
        { name: 'our_id', hasUniqueValue: true, readOnly: false },
        { name: 'margin', hasUniqueValue: false, readOnly: true },
        { name: 'createdate', readOnly: true },
      ],
    });
  });
});

describe('tokens', () => {
  test('after a 401 a newer token is tried once, at the cost of another call', async () => {
    tokens = ['token-old', 'token-new'];
    answers = [json(401, {}), json(200, { results: [{ id: '5', objectWriteTraceId: 't1' }] })];
    expect(await create()).toMatchObject({ kind: 'rows' });
    expect(sent.map(({ init }) => new Headers(init.headers).get('authorization'))).toEqual([
      'Bearer token-old',
      'Bearer token-new',
    ]);
    expect(taken.map(([, , waitMs]) => waitMs)).toEqual([10_000, 0]);
  });

  test('after a 401 the same token is not tried again', async () => {
    tokens = ['token-a', 'token-a'];
    answers = [json(401, {})];
    expect(await create()).toMatchObject({ kind: 'unauthorized', reasonCode: 'hubspot-unauthorized' });
    expect(sent).toHaveLength(1);
  });

  test.each([undefined, '', 'with a\nline break'])('a token %j is none: nothing is sent', async (token) => {
    const failure = await create({ accessToken: async () => token });
    expect(failure).toMatchObject({ kind: 'unauthorized', reasonCode: 'hubspot-token-missing' });
    expect(sent).toHaveLength(0);
    expect(taken).toHaveLength(0);
  });

  test('while the store of tokens is out, the call was certainly not made', async () => {
    const accessToken = () => Promise.reject(new Error('secret store out'));
    expect(await create({ accessToken })).toMatchObject({
      kind: 'transient',
      outcome: 'not-executed',
      reasonCode: 'hubspot-token-unavailable',
    });
  });
});

describe('the call budget', () => {
  test('that gives nothing keeps the call from being made', async () => {
    const take: CallBudget['take'] = async () => ({ kind: 'exhausted', untilMs: now + 7_000 });
    expect(await create({ budget: { take } })).toMatchObject({
      kind: 'budget-exhausted',
      untilMs: now + 7_000,
    });
    expect(sent).toHaveLength(0);
  });

  test('that can’t be read keeps the call from being made', async () => {
    const take: CallBudget['take'] = () => Promise.reject(new Error('DynamoDB is out'));
    expect(await create({ budget: { take } })).toMatchObject({
      kind: 'transient',
      outcome: 'not-executed',
      reasonCode: 'call-budget-unavailable',
    });
    expect(sent).toHaveLength(0);
  });

  test('taken beforehand serves the call, and nothing is taken again', async () => {
    const hubspot = api();
    const admitted = await hubspot.admit('calls', { budgetWaitMs: 3_000 });
    if (admitted.kind !== 'admitted') throw new Error(admitted.reason);
    const { admission } = admitted;
    const inputs = [{ traceId: 't1', properties: { name: 'Pump' } }];
    expect((await hubspot.batchCreate('products', inputs, { admission })).kind).toBe('rows');
    expect(taken).toEqual([['101', 'calls', 3_000]]);
  });

  test('taken beforehand and not used in time makes no call: whoever waited for it may have moved on', async () => {
    const hubspot = api();
    const admitted = await hubspot.admit('calls');
    if (admitted.kind !== 'admitted') throw new Error(admitted.reason);
    now += 250;
    const { admission } = admitted;
    const inputs = [{ traceId: 't1', properties: { name: 'Pump' } }];
    expect(await hubspot.batchCreate('products', inputs, { admission })).toMatchObject({
      kind: 'budget-exhausted',
    });
    expect(sent).toHaveLength(0);
    const query = { filterGroups: [], properties: [], limit: 10 };
    await expect(hubspot.search('products', query, { admission })).rejects.toThrow(RangeError);
  });

  test('is waited for no longer than to the time by which the call must start', async () => {
    const inputs = [{ traceId: 't1', properties: { name: 'Pump' } }];
    await api().batchCreate('products', inputs, { startBy: now + 1_200 });
    await api().batchCreate('products', inputs, { startBy: now + 1_200, budgetWaitMs: 300 });
    expect(taken.map(([, , waitMs]) => waitMs)).toEqual([1_200, 300]);
  });

  test('that comes after the time by which the call must start makes no call', async () => {
    const slow: CallBudget = {
      take: async () => {
        now += 1_201;
        return { kind: 'taken', usableUntil: now + 250 };
      },
    };
    const inputs = [{ traceId: 't1', properties: { name: 'Pump' } }];
    const started = await api({ budget: slow }).batchCreate('products', inputs, { startBy: now + 1_200 });
    expect(started).toMatchObject({ kind: 'budget-exhausted' });
    expect(sent).toHaveLength(0);
  });

  test('is not even asked where the portal has no token', async () => {
    const hubspot = api({ accessToken: async () => undefined });
    expect(await hubspot.admit('calls')).toMatchObject({ kind: 'unauthorized' });
    expect(taken).toHaveLength(0);
  });
});

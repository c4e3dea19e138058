import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import type { HubSpotView } from '../../local/sync-page/backend.ts';
import { hubSpotViewer } from '../../local/sync-page/hubspot-view.ts';
import { pendingFaultInWords, SAMPLE_FAULTS } from '../../local/sync-page/sample-faults.ts';

const PORTAL = '987654';
const AT = Date.UTC(2026, 10, 22, 9, 30);
let hubspot: HubSpotImitation;
let look: () => Extract<HubSpotView, { kind: 'imitation' }>;

beforeEach(() => {
  hubspot = createHubSpot({ clock: () => AT, tokens: new Map([['token', PORTAL]]) });
  const view = hubSpotViewer(hubspot, PORTAL);
  look = () => {
    const seen = view();
    if (seen.kind !== 'imitation') throw new Error('The imitation is here.');
    return seen;
  };
});

const create = (path: string, body: object) =>
  hubspot.handle({
    method: 'POST',
    url: path,
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('what the page shows of HubSpot', () => {
  test('the newest fifty records come first, and all are counted', () => {
    const ids = Array.from({ length: 60 }, (_, index) =>
      hubspot.seed(PORTAL, 'products', { name: `Desk ${index}`, price: `${index}.50` }),
    );
    hubspot.archive(PORTAL, 'products', ids[59] ?? '');
    const { live, archived, newest } = look().records.products;
    expect([live, archived, newest.length]).toEqual([59, 1, 50]);
    expect(newest[0]).toEqual({ hubspotId: ids[58], key: undefined, name: 'Desk 58', detail: '58.50' });
  });

  test('a record shows our property, and the unique one where there are two', async () => {
    for (const name of ['ledgerbridge_customer_id', 'ledgerbridge_customer_id_key']) {
      const groupName = 'contactinformation';
      await create('/crm/v3/properties/contacts', {
        name,
        label: name,
        type: 'string',
        fieldType: 'text',
        groupName,
      });
    }
    hubspot.seed(PORTAL, 'contacts', { email: 'a@example.com', ledgerbridge_customer_id: 'C-1' });
    hubspot.seed(PORTAL, 'contacts', {
      email: 'b@example.com',
      firstname: 'Anna',
      lastname: 'Weber',
      ledgerbridge_customer_id: 'old',
      ledgerbridge_customer_id_key: 'C-2',
    });
    expect(look().records.contacts.newest).toMatchObject([
      { key: 'C-2', name: 'Anna Weber', detail: 'b@example.com' },
      { key: 'C-1', name: '', detail: 'a@example.com' },
    ]);
  });

  test('calls are shown newest first, without their query, with what was injected and why there is no answer', async () => {
    hubspot.faults.add({ kind: 'lost-response' });
    hubspot.faults.add({ kind: 'status', status: 503 });
    await create('/crm/v3/objects/products?x=anna@example.com', { properties: { name: 'Desk' } }).catch(
      () => undefined,
    );
    await create('/crm/v3/objects/products', { properties: { name: 'Desk' } });
    await create('/crm/v3/objects/products', { properties: { name: 'Chair' } });
    const { calls, counters } = look();
    const call = 'POST /crm/v3/objects/products';
    const at = new Date(AT).toISOString();
    expect(calls).toEqual([
      { at, call, records: 1, answer: '201', fault: undefined },
      { at, call, records: 1, answer: '503', fault: 'answer replaced' },
      { at, call, records: 1, answer: 'none: the connection broke', fault: 'lost response' },
    ]);
    expect(counters).toMatchObject({ calls: 3, writeCalls: 2 });
  });

  test('faults that are still to come are named, until they are used up', async () => {
    hubspot.faults.add({ kind: 'status', status: 429, retryAfter: 5 });
    hubspot.faults.add({ kind: 'slow', delayMs: 3_000, times: 5, path: '/search' });
    expect(look().faults).toEqual([
      'The next call: answered with 429, Retry-After 5',
      '5 calls with /search in its path: answered 3 s later',
    ]);
    await create('/crm/v3/objects/products', { properties: { name: 'Desk' } });
    expect(look().faults).toHaveLength(1);
  });
});

describe('the faults that the page offers', () => {
  test.each(Object.entries(SAMPLE_FAULTS))('%s has words of its own', (_, { rule }) => {
    const all = Object.values(SAMPLE_FAULTS).map((fault) => pendingFaultInWords(fault.rule, 1));
    expect(all.filter((words) => words === pendingFaultInWords(rule, 1))).toHaveLength(1);
  });

  test.each([
    [{ kind: 'lost-request' }, null, 'Every call: lost before anything was done'],
    [{ kind: 'status', status: 502, applied: true }, 1, 'The next call: answered with 502, though written'],
    [{ kind: 'late-write', commitAfterMs: 12_000, answer: 'never' }, 2, '2 calls: written only 12 s later'],
  ] as const)('others are told as well: %j', (rule, remaining, words) => {
    expect(pendingFaultInWords(rule, remaining)).toBe(words);
  });
});

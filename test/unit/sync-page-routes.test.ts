import { describe, expect, test } from '@jest/globals';
import type { SyncPageBackend, SyncPageState } from '../../local/sync-page/backend.ts';
import { syncPageRoutes } from '../../local/sync-page/routes.ts';
import { originsOf } from '../../local/sync-page/same-origin.ts';

const state: SyncPageState = {
  standing: { kind: 'refused', reason: 'The API rests.' },
  hubspot: { kind: 'elsewhere', url: 'https://api.hubapi.com' },
};
const calls: unknown[][] = [];
const noted = (...call: unknown[]) => {
  calls.push(call);
  return { kind: 'done' as const, message: 'Done.' };
};
const backend: SyncPageBackend = {
  state: async () => state,
  sendSamples: async (type) => noted('sendSamples', type),
  replay: async (replay) => noted('replay', replay),
  injectFault: (name) =>
    name === 'slow' ? noted('injectFault', name) : { kind: 'refused', message: 'There is no such fault.' },
  clearFaults: () => noted('clearFaults'),
};
const OWN = 'http://127.0.0.1:3000';
const routes = syncPageRoutes(backend, {
  portalId: '<1>',
  setUpCommand: 'HUBSPOT_API_URL=http://127.0.0.1:7 npm run hubspot:setup',
  ownOrigins: originsOf(OWN, 'https://tunnel.example.com/x'),
});
const get = (path: string, method = 'GET') => routes({ method, path, headers: {}, body: '' });
const post = (path: string, body: unknown, headers: Record<string, string | undefined> = { origin: OWN }) =>
  routes({
    method: 'POST',
    path,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const jsonOf = (answer: { body: string | Buffer } | undefined) => JSON.parse(String(answer?.body));

describe('the page', () => {
  test('names the portal as text, runs no inline script, and every file it names is there', async () => {
    const answer = await get('/sync');
    const page = String(answer?.body);
    expect(answer?.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(page).toContain('portal &lt;1&gt;');
    expect(page.split('<code>HUBSPOT_API_URL=http://127.0.0.1:7 npm run hubspot:setup</code>')).toHaveLength(
      3,
    );
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    const files = [...page.matchAll(/(?:src|href)="(\/_page\/[^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) expect([file, (await get(file))?.status]).toEqual([file, 200]);
  });

  test('its scripts are JavaScript, and whatever they import is there', async () => {
    const seen = new Set<string>();
    const visit = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const answer = await get(path);
      expect([path, answer?.headers['content-type']]).toEqual([path, 'text/javascript; charset=utf-8']);
      for (const [, file = ''] of String(answer?.body).matchAll(/from '([^']+)'/g)) {
        await visit(new URL(file, `${OWN}${path}`).pathname);
      }
    };
    await visit('/_page/sync-page/browser/sync.ts');
    expect(seen.size).toBeGreaterThan(8);
  });

  test('asks for everything at once', async () => {
    const answer = await get('/_page/sync/state');
    expect(answer?.headers['cache-control']).toBe('no-store');
    expect(jsonOf(answer)).toEqual(state);
  });

  test.each([
    ['GET', '/'],
    ['GET', '/v1/sync/health'],
    ['GET', '/_page/sync/replay'],
    ['GET', '/_page/sync-page/routes.ts'],
    ['GET', '/_page/sync-page/browser/../routes.ts'],
    ['DELETE', '/sync'],
    ['POST', '/sync'],
    ['POST', '/_page/sync/state'],
    ['POST', '/v1/sync/replay'],
  ])("%s %s is somebody else's", async (method, path) => {
    expect(await routes({ method, path, headers: { origin: OWN }, body: '' })).toBeUndefined();
  });
});

describe("the page's buttons", () => {
  test.each([
    ['samples', { type: 'products' }, ['sendSamples', 'products']],
    ['samples', { type: 'contacts' }, ['sendSamples', 'contacts']],
    ['replay', { all: true }, ['replay', { all: true }]],
    [
      'replay',
      { type: 'contacts', externalIds: ['A/100'] },
      ['replay', { type: 'contacts', externalIds: ['A/100'] }],
    ],
    ['faults', { fault: 'slow' }, ['injectFault', 'slow']],
    ['faults/clear', {}, ['clearFaults']],
  ])('%s with %j is done', async (path, body, call) => {
    const answer = await post(`/_page/sync/${path}`, body);
    expect([answer?.status, jsonOf(answer)]).toEqual([200, { message: 'Done.' }]);
    expect(calls.at(-1)).toEqual(call);
  });

  test('what is refused comes back with its reason', async () => {
    const answer = await post('/_page/sync/faults', { fault: 'earthquake' });
    expect([answer?.status, jsonOf(answer)]).toEqual([409, { message: 'There is no such fault.' }]);
  });

  test.each([
    ['samples', ''],
    ['samples', { type: 'deals' }],
    ['samples', { type: 'products', count: 1_000_000 }],
    ['replay', {}],
    ['replay', { all: true, type: 'products', externalIds: [] }],
    ['replay', { type: 'products', externalIds: [1] }],
    ['faults', '[]'],
  ])('%s with the body %j is 400 and reaches nobody', async (path, body) => {
    const before = calls.length;
    expect((await post(`/_page/sync/${path}`, body))?.status).toBe(400);
    expect(calls.length).toBe(before);
  });

  test.each([
    { origin: OWN },
    { origin: OWN, 'sec-fetch-site': 'same-origin' },
    { origin: 'http://localhost:3000' },
    { origin: 'https://tunnel.example.com' },
  ])('work on a page of the simulator: %j', async (headers) => {
    expect((await post('/_page/sync/replay', { all: true }, headers))?.status).toBe(200);
  });

  test.each([
    {},
    { origin: 'null' },
    { origin: 'https://evil.example.com' },
    { origin: 'http://127.0.0.1:3001' },
    { origin: OWN, 'sec-fetch-site': 'cross-site' },
    { origin: OWN, 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-origin' },
    {
      origin: 'http://evil.example.com:3000',
      host: 'evil.example.com:3000',
      'sec-fetch-site': 'same-origin',
    },
  ])('do nothing on a page elsewhere: %j', async (headers) => {
    const before = calls.length;
    const answer = await post('/_page/sync/replay', { all: true }, headers);
    expect([answer?.status, jsonOf(answer).message]).toEqual([403, expect.stringContaining(`${OWN}/sync`)]);
    expect(calls.length).toBe(before);
  });
});

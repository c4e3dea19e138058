import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createHubSpot } from '../../local/hubspot/imitation.ts';
import { startHubSpotServer } from '../../local/hubspot/server.ts';

const headers = { authorization: 'Bearer token-a', 'content-type': 'application/json' };
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function serve(): Promise<string> {
  const hubspot = createHubSpot({ clock: Date.now, tokens: new Map([['token-a', '101']]) });
  const server = await startHubSpotServer(hubspot);
  cleanUps.push(server.close);
  return server.url;
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

test('the dated paths serve products, batches, search and properties over plain HTTP', async () => {
  const url = await serve();
  const objects = `${url}/crm/objects/2026-03/products`;
  const created = await post(`${objects}/batch/create`, { inputs: [{ properties: { name: 'Größe 10″' } }] });
  expect(created.status).toBe(201);
  const { results } = await created.json();
  const read = await fetch(`${objects}/${results[0].id}?properties=name`, { headers });
  expect((await read.json()).properties.name).toBe('Größe 10″');
  expect((await (await post(`${objects}/search`, {})).json()).total).toBe(1);
  expect((await fetch(`${url}/crm/properties/2026-03/products/price`, { headers })).status).toBe(200);
  expect((await fetch(`${objects}/${results[0].id}`, { method: 'DELETE', headers })).status).toBe(204);
  expect((await fetch(objects, { method: 'DELETE', headers })).headers.get('allow')).toBe('GET, POST');
  expect((await fetch(objects)).status).toBe(401);
});

test('a lost response is a broken connection after the write', async () => {
  const url = await serve();
  await post(`${url}/_imitation/faults`, { kind: 'lost-response', path: '/products' });
  await expect(post(`${url}/crm/v3/objects/products`, { properties: { name: 'Pump' } })).rejects.toThrow(
    'fetch failed',
  );
  const state = await (await fetch(`${url}/_imitation/state`)).json();
  expect(state.portals[0]).toMatchObject({
    portalId: '101',
    counters: { calls: 1, recordWrites: 1 },
    records: { products: { live: 1, archived: 0 } },
  });
});

test('a write that is held is carried out although its caller has long given up', async () => {
  const url = await serve();
  await post(`${url}/_imitation/faults`, { kind: 'late-write', commitAfterMs: 150 });
  const body = JSON.stringify({ properties: { name: 'Pump' } });
  const call = fetch(`${url}/crm/v3/objects/products`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(50),
  });
  await expect(call).rejects.toThrow(/timeout/);
  const list = async () =>
    (await (await fetch(`${url}/crm/v3/objects/products`, { headers })).json()).results;
  expect(await list()).toEqual([]);
  while ((await list()).length === 0) await new Promise(setImmediate);
});

test('the control endpoint shows and changes records as a person would', async () => {
  const url = await serve();
  const seed = await post(`${url}/_imitation/records`, {
    portalId: '101',
    type: 'contacts',
    properties: { email: 'ann@x.io' },
  });
  const { id } = await seed.json();
  const one = `${url}/_imitation/records/101/contacts/${id}`;
  const body = JSON.stringify({ properties: { firstname: 'Ann' } });
  expect((await fetch(one, { method: 'PATCH', headers, body })).status).toBe(204);
  const shown = await (await fetch(`${url}/_imitation/records?portalId=101&type=contacts`)).json();
  expect(shown).toMatchObject({
    total: 1,
    results: [{ id, properties: { email: 'ann@x.io', firstname: 'Ann' } }],
  });
  expect((await fetch(one, { method: 'DELETE' })).status).toBe(204);
  expect((await (await fetch(`${url}/_imitation/calls?portalId=101`)).json()).results).toEqual([]);
});

const SERVER_SCRIPT = `
  const [directory, base] = process.argv.slice(1);
  const { createHubSpot } = await import(base + 'imitation.ts');
  const { startHubSpotServer } = await import(base + 'server.ts');
  const hubspot = createHubSpot({ clock: Date.now, tokens: new Map([['token-a', '101']]), directory });
  console.log((await startHubSpotServer(hubspot)).url);
`;

async function spawnServer(directory: string): Promise<{ url: string; process: ChildProcess }> {
  const base = new URL('../../local/hubspot/', import.meta.url).href;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', SERVER_SCRIPT, directory, base],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH } },
  );
  cleanUps.push(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { url: String(line).trim(), process: child };
}

test('after kill -9 in the middle of writes every answered one is there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hubspot-'));
  cleanUps.push(() => rmSync(directory, { recursive: true }));
  const first = await spawnServer(directory);
  const answered: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let call = 0; ; call += 1) {
      const inputs = [{ properties: { name: `${writer}-${call}` } }, { properties: { name: 'twin' } }];
      const response = await post(`${first.url}/crm/v3/objects/products/batch/create`, { inputs });
      for (const { id } of (await response.json()).results) answered.push(id);
      if (answered.length >= 60) first.process.kill('SIGKILL');
    }
  };
  await Promise.allSettled([write(1), write(2), write(3)]);
  const second = await spawnServer(directory);
  const url = `${second.url}/_imitation/records?portalId=101&type=products&limit=1000`;
  const { results } = await (await fetch(url)).json();
  const kept = results.map(({ id }: { id: string }) => id);
  expect(kept).toEqual(expect.arrayContaining(answered));
  expect(kept.length % 2).toBe(0);
});

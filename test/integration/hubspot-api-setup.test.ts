import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { propertyAdministration } from '../../bin/command-line/hubspot-setup/property-administration.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import { type HubSpotServer, startHubSpotServer } from '../../local/hubspot/server.ts';
import { gatewayTo } from './hubspot-api-gateway.ts';

const TOOL = fileURLToPath(new URL('../../bin/hubspot-setup.ts', import.meta.url));
const LOADER = new URL('../../bin/typescript.mjs', import.meta.url).href;

let hubspot: HubSpotImitation;
let server: HubSpotServer;

beforeEach(async () => {
  const tokens = new Map([
    ['token-a', '101'],
    ['token-b', '102'],
  ]);
  hubspot = createHubSpot({ clock: Date.now, tokens });
  server = await startHubSpotServer(hubspot);
});
afterEach(async () => {
  await server.close();
  hubspot.close();
});

/** Runs the tool as its npm script does. */
async function setUp(
  HUBSPOT_ACCESS_TOKEN: string,
  HUBSPOT_API_URL = server.url,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', LOADER, TOOL], {
    env: { PATH: process.env.PATH, HUBSPOT_API_URL, HUBSPOT_ACCESS_TOKEN },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

const writesOf = (portalId: string) =>
  hubspot.calls(portalId).filter(({ method }) => method !== 'GET').length;

test('hubspot:setup creates both unique properties, and the second time changes nothing', async () => {
  const first = await setUp('token-a');
  expect(first).toEqual({
    code: 0,
    output:
      'contacts: created the unique property ledgerbridge_customer_id.\n' +
      'products: created the unique property ledgerbridge_product_id.\n',
  });
  const listed = await gatewayTo(server.url).listProperties('products');
  if (listed.kind !== 'properties') throw new Error(listed.reason);
  expect(listed.properties).toContainEqual(
    expect.objectContaining({
      name: 'ledgerbridge_product_id',
      hasUniqueValue: true,
      groupName: 'ledgerbridge',
    }),
  );
  const writes = writesOf('101');
  const second = await setUp('token-a');
  expect(second.code).toBe(0);
  expect(second.output).toContain('nothing was changed');
  expect(writesOf('101')).toBe(writes);
}, 30_000);

test('hubspot:setup sets up every portal that has a token, and exits 1 where one refuses', async () => {
  hubspot.configure({ customProperties: { products: 'refused' } }, '102');
  const { code, output } = await setUp('101:token-a,102:token-b');
  expect(code).toBe(1);
  expect(output).toMatch(/Portal 101:\ncontacts: created[^\n]*\nproducts: created/);
  expect(output).toMatch(
    /Portal 102:\ncontacts: created[^\n]*\nproducts: this portal has no unique property/,
  );
  expect(output).toContain('crm.schemas.products.write');
}, 30_000);

test('hubspot:setup tells what is wrong with its token, and never the token', async () => {
  const wrong = await setUp('token-wrong');
  expect(wrong.code).toBe(1);
  expect(wrong.output).toContain('no longer accepts the access token');
  expect(wrong.output).toContain('Put one that it accepts into HUBSPOT_ACCESS_TOKEN.');
  expect(wrong.output).not.toContain('token-wrong');
  expect(wrong.output).not.toContain('The sync');
  const missing = await setUp('');
  expect(missing.code).toBe(2);
  expect(missing.output).toContain('HUBSPOT_ACCESS_TOKEN is not set; expected an access token');
}, 30_000);

test('hubspot:setup names an address where nobody answers, and one that is none', async () => {
  const dead = await setUp('token-a', 'http://127.0.0.1:1');
  expect(dead.code).toBe(1);
  expect(dead.output).toContain(
    "http://127.0.0.1:1: HubSpot's address can't be reached from here. (ECONNREFUSED.)",
  );
  expect(dead.output).toContain('Is HUBSPOT_API_URL right? The simulator has another one at each start');
  const none = await setUp('token-a', 'hubspot');
  expect(none.code).toBe(2);
  expect(none.output).toContain('HUBSPOT_API_URL (expected an http:// or https:// address');
}, 30_000);

test('hubspot:setup waits for no answer beyond its time, and leaves no connection open', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const basePath = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const hubspotWithout = propertyAdministration({ accessToken: 'token-a', basePath, timeoutMs: 300 });
  const answer = await hubspotWithout.listProperties('contacts');
  expect(answer).toMatchObject({
    kind: 'timeout',
    reason: expect.stringMatching(/^http:.*: HubSpot gave no answer in time; .* Run the tool again/),
  });
  // Comes to an end only once every connection is closed.
  await new Promise((resolve) => silent.close(resolve));
}, 30_000);

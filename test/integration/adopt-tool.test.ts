import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { acceptChange } from '../../functions/sync/intake/accept-change.ts';
import { readRecord } from '../../functions/sync/intake/read-record.ts';
import { ControlStore } from '../../functions/sync/records/control-store.ts';
import { restsUntil } from '../../functions/sync/records/portal-control.ts';
import { RecordStore } from '../../functions/sync/records/record-store.ts';
import { recordItem } from '../../functions/sync/records/sync-items.ts';
import { idClaimKey } from '../../functions/sync/records/sync-keys.ts';
import { syncTable } from '../../functions/sync/records/sync-table.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import { type HubSpotServer, startHubSpotServer } from '../../local/hubspot/server.ts';
import { runTool } from './spawn-tool.ts';

const PORTAL = '4711' as PortalId;
const OWNER = { portalId: PORTAL, type: 'products' } as const;
const TABLE = 'sync-of-adopt';
const RECORDS = 10_000;
/** So many of them are linked from the beginning. */
const LINKED = 9_000;
/** Ten thousand of these, as records, take more than 40 MB. */
const DESCRIPTION = 'x'.repeat(2_500);

let embedded: EmbeddedDynamoDB;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
let hubspot: HubSpotImitation;
let server: HubSpotServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adopt-tool-'));
  embedded = await startEmbeddedDynamoDB();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: embedded.endpoint, region: 'us-east-1', credentials });
  documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  await client.send(new CreateTableCommand(syncTable(TABLE)));
  hubspot = createHubSpot({ clock: Date.now, tokens: new Map([['token-a', PORTAL]]) });
  server = await startHubSpotServer(hubspot);
  const items = [];
  for (let index = 0; index < RECORDS; index++) {
    const [externalId, sku] = [`P-${index}`, `SKU-${index}`];
    const hubspotId = hubspot.seed(PORTAL, 'products', { name: `Old ${index}`, hs_sku: sku });
    // Of the others, every hundredth is there twice.
    if (index >= LINKED && index % 100 === 0) hubspot.seed(PORTAL, 'products', { name: 'Copy', hs_sku: sku });
    const product = { name: `Product ${index}`, externalId, sku, description: DESCRIPTION };
    const link = index < LINKED ? { hubspotId } : {};
    items.push(storedItem(product, link));
    if (index < LINKED) items.push(marshall({ ...idClaimKey(OWNER, hubspotId), externalId }));
  }
  await embedded.loadItems(TABLE, items);
}, 60_000);
afterAll(async () => {
  client.destroy();
  await server.close();
  hubspot.close();
  await embedded.close();
  await rm(folder, { recursive: true });
});

function storedItem(product: Record<string, string>, link: { hubspotId?: string }) {
  const reading = readRecord('products', { ...product, updatedAt: '2026-11-22T08:00:00Z' }, Date.now());
  if (reading.kind !== 'read') throw new Error(reading.reason);
  const acceptance = acceptChange(OWNER, undefined, reading.record, Date.now());
  if (acceptance.verdict !== 'accepted') throw new Error('A new record is accepted.');
  return marshall(recordItem({ ...acceptance.record, ...link, version: 1 }), { removeUndefinedValues: true });
}

const adoptTool = (args: readonly string[], environment: Record<string, string> = {}) =>
  runTool('sync-adopt.ts', [...args, '--portal', PORTAL, '--table', TABLE, '--endpoint', embedded.endpoint], {
    HUBSPOT_API_URL: server.url,
    HUBSPOT_ACCESS_TOKEN: 'token-a',
    HUBSPOT_CALLS_PER_10S: '10000',
    ...environment,
  });

describe('npm run sync:adopt', () => {
  test('holds the sync of a portal and lets it go on', async () => {
    const control = new ControlStore({ documents, tableName: TABLE });
    expect((await adoptTool(['--hold'])).code).toBe(0);
    expect(restsUntil(await control.portal(PORTAL))).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect((await adoptTool(['--release'])).stdout).toBe(
      'The sync of portal 4711 goes on within a minute.\n',
    );
    expect(restsUntil(await control.portal(PORTAL))).toBe(0);
    expect((await adoptTool(['--release'])).stdout).toBe('The sync of portal 4711 was not held.\n');
  });

  test('holds 10,000 products against HubSpot’s in a heap that would not hold them, links what is left, lists those that are there twice, and leaves only the user’s own files', async () => {
    const work = join(folder, 'work');
    const before = hubspot.counters(PORTAL).writeCalls;
    const heap = { NODE_OPTIONS: '--max-old-space-size=40' };
    const { code, stdout, stderr } = await adoptTool(['products', '--work', work], heap);
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines.filter((line) => line.startsWith('Ambiguous: SKU '))).toHaveLength(10);
    expect(lines).toContain('10010 products in HubSpot, 10000 here; 9000 were linked before.');
    expect(lines).toContain('990 linked, 10 ambiguous, 0 surplus, 0 unknown, 0 not now.');
    expect(code).toBe(1);
    expect(hubspot.counters(PORTAL).writeCalls).toBe(before);
    const store = new RecordStore({
      documents,
      tableName: TABLE,
      now: Date.now,
      random: Math.random,
      wait: async () => undefined,
    });
    const linked = await store.record(OWNER, 'P-9177');
    const inHubSpot = hubspot.records(PORTAL, 'products').find((one) => one.properties.hs_sku === 'SKU-9177');
    expect(linked?.hubspotId).toBe(inHubSpot?.id);
    expect((await store.record(OWNER, 'P-9100'))?.hubspotId).toBeUndefined();
    await expect(readdir(work)).rejects.toThrow('ENOENT');

    await writeFile(join(folder, 'own.txt'), 'mine');
    const again = await adoptTool(['products', '--work', folder]);
    expect(again.stdout).toContain('9990 were linked before');
    expect(await readdir(folder)).toEqual(['own.txt']);
  }, 300_000);

  test.each([
    [[], /Nothing says which records; expected contacts or products/],
    [['orders'], /"orders" says which records/],
    [['--hold', '--release'], /Either --hold or --release/],
    [['products', 'contacts'], /"contacts" is not expected here/],
  ])('says what is wrong with its arguments: %j', async (args, message) => {
    const { code, stderr } = await adoptTool(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('says what HubSpot has against the token, and never the token itself', async () => {
    const { code, stdout, stderr } = await adoptTool(['products', '--work', join(folder, 'w')], {
      HUBSPOT_ACCESS_TOKEN: 'wrong-token',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('HubSpot no longer accepts the access token of this portal.');
    expect(stderr).toContain('Put one that it accepts into HUBSPOT_ACCESS_TOKEN.');
    expect(stdout + stderr).not.toContain('wrong-token');
  });

  test.each([[['--hold']], [['products']]])(
    'a slip in --portal holds and links nothing: the token is another portal’s (%j)',
    async (args) => {
      const other = ['--portal', '4712', '--table', TABLE, '--endpoint', embedded.endpoint];
      const variables = { HUBSPOT_API_URL: server.url, HUBSPOT_ACCESS_TOKEN: 'token-a' };
      const { code, stderr } = await runTool('sync-adopt.ts', [...args, ...other], variables);
      expect(code).toBe(2);
      expect(stderr).toContain('--portal is 4712, and HUBSPOT_ACCESS_TOKEN is that of portal 4711.');
      const control = new ControlStore({ documents, tableName: TABLE });
      expect((await control.portal('4712' as PortalId)).heldUntil).toBeUndefined();
    },
  );

  test('where HubSpot doesn’t say whose the token is, goes on and says so', async () => {
    hubspot.faults.add({ kind: 'status', status: 404, path: '/account-info/' });
    const { code, stderr } = await adoptTool(['--hold']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'HubSpot did not say which portal the token is of; --portal 4711 is taken as it is.\n',
    });
    expect((await adoptTool(['--release'])).code).toBe(0);
  });

  test('without a token links nothing, and holds with a word of what was not looked up', async () => {
    const none = { HUBSPOT_ACCESS_TOKEN: '', HUBSPOT_API_URL: '' };
    const { code, stderr } = await adoptTool(['products'], none);
    expect(code).toBe(2);
    expect(stderr).toContain('HUBSPOT_ACCESS_TOKEN is not set; expected');
    expect((await adoptTool(['--hold'], none)).stderr).toContain('was not looked up');
    expect((await adoptTool(['--release'], none)).code).toBe(0);
    const another = await adoptTool(['products'], { HUBSPOT_ACCESS_TOKEN: '1:token-a' });
    expect([another.code, another.stderr]).toEqual([2, expect.stringContaining('no token of portal 4711')]);
  });
});

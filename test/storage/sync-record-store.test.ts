import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { acceptChange } from '../../functions/sync/intake/accept-change.ts';
import { sourceInstant } from '../../functions/sync/intake/source-instant.ts';
import { RecordStore } from '../../functions/sync/records/record-store.ts';
import { shardOf } from '../../functions/sync/records/shard.ts';
import type { SyncRecord } from '../../functions/sync/records/sync-record.ts';
import { syncTable } from '../../functions/sync/records/sync-table.ts';
import { type StorageEndpoint, storageEndpoint } from './dynamodb-endpoint.ts';

const OWNER = { portalId: '4711' as PortalId, type: 'contacts' as const };
const TABLE = `sync-${process.pid}-${Date.now()}`;
const NOW = 1_000_000;

let endpoint: StorageEndpoint;
let store: RecordStore;
beforeAll(async () => {
  endpoint = await storageEndpoint();
  await endpoint.client.send(new CreateTableCommand(syncTable(TABLE)));
  const documents = DynamoDBDocumentClient.from(endpoint.client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  store = new RecordStore({
    documents,
    tableName: TABLE,
    now: () => NOW,
    wait: async () => undefined,
    random: () => 0,
  });
});
afterAll(async () => {
  await endpoint.client.send(new DeleteTableCommand({ TableName: TABLE }));
  await endpoint.close();
});

function fresh(externalId: string, email?: string): SyncRecord {
  const updatedAt = '2026-11-22T08:00:00Z';
  const acceptance = acceptChange(
    OWNER,
    undefined,
    {
      externalId,
      updatedAt,
      sourceInstant: sourceInstant(updatedAt),
      desired: { kind: 'contact', content: { firstName: 'Anna', ...(email === undefined ? {} : { email }) } },
    },
    NOW,
  );
  if (acceptance.verdict !== 'accepted') throw new Error('a first record is accepted');
  return acceptance.record;
}

async function stored(record: SyncRecord): Promise<SyncRecord> {
  const [result] = await store.save([{ before: undefined, after: record }]);
  if (result?.kind !== 'saved') throw new Error(`not saved: ${result?.kind}`);
  return result.record;
}

describe('records and their claims', () => {
  test('a hundred and more changes are saved at once, and one whose row has moved takes no other along', async () => {
    const records = Array.from({ length: 130 }, (_, index) =>
      fresh(`many-${index}`, `many-${index}@example.com`),
    );
    await stored(records[7] ?? fresh('never'));
    const results = await store.save(records.map((after) => ({ before: undefined, after })));
    expect(results.filter(({ kind }) => kind === 'saved')).toHaveLength(129);
    expect(results[7]).toEqual({ kind: 'moved' });
    expect(
      (
        await store.records(
          OWNER,
          records.map(({ externalId }) => externalId),
        )
      ).size,
    ).toBe(130);
  });

  test('what is due is found at once, longest due first, and nothing that is not', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `due-${index}`)
      .filter((id) => shardOf(id) === 3)
      .slice(0, 3);
    const [first = '', second = '', third = ''] = ids;
    for (const [externalId, dueAt] of [
      [first, 30],
      [second, 10],
      [third, undefined],
    ] as const) {
      await stored({ ...fresh(externalId), dueAt });
    }
    const due = async (now: number) =>
      (await store.due({ ...OWNER, shard: 3 }, now, 100))
        .map(({ externalId }) => externalId)
        .filter((id) => ids.includes(id));
    expect(await due(30)).toEqual([second, first]);
    expect(await due(29)).toEqual([second]);
    expect(await store.hasDue({ ...OWNER, shard: 3 }, 9)).toBe(false);
  });

  test('a HubSpot id belongs to one record, until that one gives it up', async () => {
    const [a, b] = [await stored(fresh('id-a')), await stored(fresh('id-b'))];
    const [taken] = await store.save([{ before: a, after: { ...a, hubspotId: '51' } }]);
    expect(taken).toMatchObject({ kind: 'saved' });
    expect(await store.save([{ before: b, after: { ...b, hubspotId: '51' } }])).toEqual([
      { kind: 'id-taken' },
    ]);
    expect(await store.holders(OWNER, ['51', '52'])).toEqual(new Map([['51', 'id-a']]));
    const holder = await store.record(OWNER, 'id-a');
    if (!holder) throw new Error('it was stored');
    await store.save([{ before: holder, after: { ...holder, hubspotId: undefined } }]);
    expect(await store.save([{ before: b, after: { ...b, hubspotId: '51' } }])).toMatchObject([
      { kind: 'saved' },
    ]);
  });

  test('of two that want one address in one save one gets it', async () => {
    const results = await store.save(
      ['mail-a', 'mail-b'].map((id) => ({ before: undefined, after: fresh(id, 'One@Example.com') })),
    );
    expect(results.map(({ kind }) => kind).sort()).toEqual(['email-taken', 'saved']);
    const holder = results[0]?.kind === 'saved' ? 'mail-a' : 'mail-b';
    expect(await store.emailClaim(OWNER.portalId, 'one@example.com')).toEqual({ holder, isWanted: false });
  });

  test('who lets an address go that others wait for stays due until they are told; nobody can wait for a free one', async () => {
    const holder = await stored(fresh('line-a', 'line@example.com'));
    const waiting = { email: 'line@example.com', since: NOW, revision: 1, ask: false };
    const waiter = { ...fresh('line-b', 'line@example.com'), waiting, dueAt: undefined };
    expect(await store.save([{ before: undefined, after: waiter }])).toMatchObject([{ kind: 'saved' }]);
    expect(await store.waiters(OWNER.portalId, 'line@example.com')).toEqual(['line-b']);

    const letGo = { ...holder, desired: { kind: 'deleted' as const }, dueAt: undefined };
    expect(await store.save([{ before: holder, after: letGo }])).toMatchObject([
      { kind: 'saved', record: { released: ['line@example.com'], dueAt: NOW } },
    ]);
    const late = { ...fresh('line-c', 'line@example.com'), waiting };
    expect(await store.save([{ before: undefined, after: late }])).toEqual([{ kind: 'email-free' }]);
  });
});

import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPortalId } from '../../functions/invoices/identifiers.ts';
import { settingsKey } from '../../functions/invoices/ledger-keys.ts';
import { type Send, sendOverHttp } from '../support/http-exchange.ts';
import {
  allEvents,
  eventually,
  fieldsOf,
  invoiceBody,
  type LedgerClient,
  ledgerClient,
  listOf,
  unused,
} from '../support/ledger-client.ts';
import { type RealLedger, startRealLedger } from '../support/real-ledger.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

describe('GET /v1/events', () => {
  let simulator: RunningSimulator;
  let send: Send;
  let ledger: LedgerClient;

  beforeAll(async () => {
    simulator = await startSimulator({
      LOCAL_EMPTY: '1',
      LEDGER_TOKENS: '987654:token,1001:quiet,1002:busy',
    });
    send = sendOverHttp(simulator.url);
    ledger = ledgerClient(send, 'token');
  });
  afterAll(async () => {
    await simulator?.stop();
  });

  test('is an empty page with a next to go on from where nothing has happened yet', async () => {
    const quiet = ledgerClient(send, 'quiet');
    const page = await quiet.events();
    expect([page.status, page.body]).toEqual([200, { events: [], next: '0' }]);
    expect((await quiet.events('?after=0')).body).toEqual({ events: [], next: '0' });
  });

  test('has a change within about a second of its answer, whole, with what was before and after', async () => {
    const id = unused('EV-');
    const { body: first } = await ledger.put(id, invoiceBody({ dealId: '77' }));
    const { body: second } = await ledger.put(id, invoiceBody({ dealId: '77', number: 'EV' }));
    const answeredAt = Date.now();
    const found = await eventually(
      async () => (await allEvents(ledger)).filter((event) => event.invoiceId === id),
      (events) => events.length === 2,
    );
    // A few hundredths of a second where the machine has nothing else to do.
    expect(Date.now() - answeredAt).toBeLessThan(3_000);
    expect(found).toEqual([
      {
        eventId: `${id}:1`,
        type: 'invoice.created',
        at: first.updatedAt,
        invoiceId: id,
        dealId: '77',
        actor: { kind: 'accounting' },
        origin: 'accounting',
        before: null,
        after: first,
      },
      expect.objectContaining({ eventId: `${id}:2`, type: 'invoice.updated', before: first, after: second }),
    ]);
  });

  test('comes on the bus under the same id', async () => {
    const id = unused('EV-');
    await ledger.put(id, invoiceBody());
    await ledger.pay(id, { paymentId: 'p', amount: '1190.00', paidAt: '2026-03-01' });
    const onBus = async () => {
      const { body } = await send({ method: 'GET', target: '/_page/events' });
      return (body.events as Record<string, unknown>[]).filter((event) => event.invoiceId === id);
    };
    const received = await eventually(onBus, (events) => events.length >= 2);
    const inFeed = (await allEvents(ledger)).filter((event) => event.invoiceId === id);
    expect(received.reverse()).toEqual(inFeed.map((event) => ({ portalId: '987654', ...event })));
    expect(inFeed.map((event) => event.type)).toEqual(['invoice.created', 'invoice.paid']);
  });

  test('misses nothing and brings nothing twice to a reader who follows next while writers overlap', async () => {
    const busy = ledgerClient(send, 'busy');
    const writers = Array.from({ length: 8 }, (_, writer) =>
      (async () => {
        for (let count = 0; count < 15; count++) {
          await busy.put(
            `W-${writer}-${count % 3}`,
            invoiceBody({ number: `${count}`, dealId: `${1 + (count % 2)}` }),
          );
        }
      })(),
    );
    const seen: unknown[] = [];
    let next = '';
    let writing = true;
    const written = Promise.all(writers).then(() => {
      writing = false;
    });
    const until = Date.now() + 20_000;
    while ((writing || seen.length < 120) && Date.now() < until) {
      const page = await busy.events(`?limit=7&after=${next}`);
      expect(page.body.next).toMatch(/^\d+$/);
      seen.push(...fieldsOf(page, 'eventId', 'events'));
      next = String(page.body.next);
    }
    await written;
    const expected = Array.from({ length: 8 }, (_, writer) =>
      [0, 1, 2].flatMap((invoice) => [1, 2, 3, 4, 5].map((version) => `W-${writer}-${invoice}:${version}`)),
    ).flat();
    expect(seen).toHaveLength(120);
    expect([...seen].sort()).toEqual(expected.sort());
    for (const writer of [0, 7]) {
      const own = seen.filter((id) => String(id).startsWith(`W-${writer}-0:`));
      expect(own).toEqual([1, 2, 3, 4, 5].map((version) => `W-${writer}-0:${version}`));
    }
    expect(fieldsOf(await busy.events('?limit=100'), 'eventId', 'events')).toEqual(seen.slice(0, 100));
  });

  test('filters by origin, and its next goes past what was left out', async () => {
    const all = await allEvents(ledger);
    const own = await ledger.events('?origin=accounting&limit=100');
    expect(fieldsOf(own, 'eventId', 'events')).toEqual(all.map((event) => event.eventId));
    const others = await ledger.events('?origin=hubspot');
    expect(others.body).toEqual({ events: [], next: own.body.next });
  });

  test.each([
    ['after=x', 'after'],
    ['after=-1', 'after'],
    ['after=1.5', 'after'],
    ['after=%20', 'after'],
    [`after=${'9'.repeat(15)}`, 'after'],
    [`after=${'9'.repeat(40)}`, 'after'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['origin=', 'origin'],
    ['origin=Accounting', 'origin'],
    ['since=1', 'since'],
    ['after=0&after=1', 'after'],
  ])('refuses %s by name', async (query, field) => {
    const answer = await ledger.events(`?${query}`);
    expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, field]);
  });

  test('refuses a position that is ahead of the feed: it is not from here', async () => {
    await eventually(
      () => allEvents(ledger),
      (events) => events.length > 0,
    );
    const { next } = (await ledger.events('?limit=100')).body;
    const answer = await ledger.events(`?after=${Number(next) + 1000}`);
    expect([answer.status, listOf(answer, 'errors')[0]?.problem]).toEqual([400, 'is ahead of the feed']);
  });
});

describe('events older than the retention', () => {
  let real: RealLedger;
  const portalId = asPortalId('1001');

  beforeAll(async () => {
    real = await startRealLedger({ LEDGER_TOKENS: '1001:token' });
    // A thousandth of a second: whatever has happened is older than that.
    await real.documents.send(
      new UpdateCommand({
        TableName: real.tableName,
        Key: settingsKey(
          portalId ??
            (() => {
              throw new Error('no portal');
            })(),
        ),
        UpdateExpression: 'SET feedRetentionDays = :days',
        ExpressionAttributeValues: { ':days': 0.001 / 86_400 },
      }),
    );
  });
  afterAll(async () => {
    await real?.close();
  });

  test('are 410 for who asks for them, with where to go on; who asks from the beginning gets what is kept', async () => {
    const ledger = ledgerClient(real.send, 'token');
    for (const number of ['1', '2', '3']) await ledger.put('INV-1', invoiceBody({ number }));
    const gone = await eventually(
      () => ledger.events('?after=1'),
      ({ status }) => status === 410,
    );
    expect(gone.status).toBe(410);
    expect(gone.headers['content-type']).toBe('application/problem+json');
    const goOn = await eventually(
      () => ledger.events('?after=3'),
      ({ status }) => status === 200,
    );
    expect(goOn.body).toEqual({ events: [], next: '3' });
    expect((await ledger.events('?after=1')).body.detail).toContain('after=3');
    expect((await ledger.events()).body).toEqual({ events: [], next: '3' });
  });
});

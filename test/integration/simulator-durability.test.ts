import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendOverHttp } from '../support/http-exchange.ts';
import {
  allEvents,
  eventually,
  fieldsOf,
  invoiceBody,
  type LedgerClient,
  ledgerClient,
  listOf,
} from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

let directory: string;
let simulator: RunningSimulator;
let ledger: LedgerClient;

const start = async (settings: Record<string, string>): Promise<void> => {
  simulator = await startSimulator({ LOCAL_DATA_DIR: directory, ...settings });
  ledger = ledgerClient(sendOverHttp(simulator.url), 'local-ledger-token');
};
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledgerbridge-durability-'));
});
afterAll(async () => {
  await simulator?.kill();
  rmSync(directory, { recursive: true, force: true });
});

describe('after kill -9', () => {
  test('everything that was answered is there, each change with its one event, three times over', async () => {
    const versions = new Map<string, unknown>();
    for (let round = 1; round <= 3; round++) {
      await start({ LOCAL_EMPTY: '1' });
      // Some writes are answered, others under way when it is killed.
      const { promise: enough, resolve: isEnough } = Promise.withResolvers<void>();
      let answered = 0;
      const writes = Array.from({ length: 60 }, async (_, index) => {
        const id = `K-${index % 20}`;
        const body = invoiceBody({ number: `${round}-${index}`, dealId: `${1 + (index % 3)}` });
        const answer = await ledger.put(id, body).catch(() => undefined);
        if (!answer) return;
        expect(answer.status).toBeLessThan(300);
        versions.set(id, Math.max(Number(answer.body.version), Number(versions.get(id) ?? 0)));
        answered += 1;
        if (answered === 25) isEnough();
      });
      await enough;
      await simulator.kill();
      await Promise.all(writes);
    }
    await start({ LOCAL_EMPTY: '1' });
    const stored = new Map<string, number>();
    for (let index = 0; index < 20; index++) {
      const { status, body } = await ledger.get(`K-${index}`);
      if (status === 200) stored.set(`K-${index}`, Number(body.version));
    }
    for (const [id, version] of versions) expect(stored.get(id)).toBeGreaterThanOrEqual(Number(version));
    const expected = [...stored].flatMap(([id, version]) =>
      Array.from({ length: version }, (_, index) => `${id}:${index + 1}`),
    );
    const events = await eventually(
      () => allEvents(ledger),
      (found) => found.length >= expected.length,
    );
    expect(events.map((event) => String(event.eventId)).sort()).toEqual(expected.sort());
    // Rows and summaries are those of the invoices.
    for (const deal of ['1', '2', '3']) {
      const page = await ledger.dealInvoices(deal, '?limit=100');
      const count = listOf(page, 'invoices').length;
      expect(page.body.summary).toMatchObject({
        invoiceCount: count,
        currencies: [{ total: (1190 * count).toFixed(2) }],
      });
      for (const id of fieldsOf(page, 'invoiceId'))
        expect((await ledger.get(String(id))).body.dealId).toBe(deal);
    }
  });

  test('a second simulator on the same data says so and leaves the first alone', async () => {
    await expect(startSimulator({ LOCAL_DATA_DIR: directory, LOCAL_EMPTY: '1' })).rejects.toThrow(
      /exit code 1 before it was up\. It printed:\nLedgerbridge could not start\. [^\n]+\n$/,
    );
    expect((await ledger.get('K-0')).status).toBe(200);
  });

  test('a stop leaves everything where it was, too', async () => {
    const before = [await allEvents(ledger), (await ledger.dealInvoices('1')).body];
    expect(await simulator.stop()).toBe(0);
    await start({ LOCAL_EMPTY: '1' });
    expect([await allEvents(ledger), (await ledger.dealInvoices('1')).body]).toEqual(before);
  });
});

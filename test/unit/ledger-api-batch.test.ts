import { expect, test } from '@jest/globals';
import type { ApiRequest } from '../../functions/http/api-request.ts';
import { type CommandRequest, type CommandResult, LedgerBusyError } from '../../functions/invoices/ledger.ts';
import { putInvoiceBatch } from '../../functions/ledger-api/put-invoice-batch.ts';
import { invoice, portalId } from '../support/invoice-factory.ts';
import { invoiceBody } from '../support/ledger-client.ts';

/** Sends a batch of invoices on one deal, which are written one after the other. */
async function batch(ids: string[], run: (request: CommandRequest) => Promise<CommandResult>, now = () => 0) {
  const reported: unknown[] = [];
  const operation = putInvoiceBatch({
    ledger: { run },
    now,
    report: (_message, error) => void reported.push(error),
  });
  const invoices = ids.map((invoiceId) => ({ ...invoiceBody({ dealId: '1' }), invoiceId }));
  const request = {
    headers: {},
    query: new URLSearchParams(),
    body: Buffer.from(JSON.stringify({ invoices })),
  } as ApiRequest;
  const { status, body } = await operation(request, { portalId: portalId('1') });
  return { status, results: (body as { results: unknown[] }).results, reported };
}

const created = async ({ invoiceId }: CommandRequest): Promise<CommandResult> => ({
  kind: 'created',
  invoice: invoice({ invoiceId }),
  before: undefined,
});

test('a batch that takes long begins nothing more after 18 seconds, and has the rest sent again', async () => {
  let now = 0;
  const begun: string[] = [];
  const { status, results } = await batch(
    ['A-1', 'A-2', 'A-3', 'A-4'],
    (request) => {
      begun.push(request.invoiceId);
      now += 9_000;
      return created(request);
    },
    () => now,
  );
  expect(begun).toEqual(['A-1', 'A-2']);
  const busy = {
    outcome: 'rejected',
    problem: { kind: 'busy', detail: expect.stringContaining('send it again') },
  };
  expect([status, results]).toEqual([
    200,
    [
      { invoiceId: 'A-1', outcome: 'created', version: 1 },
      { invoiceId: 'A-2', outcome: 'created', version: 1 },
      { invoiceId: 'A-3', ...busy },
      { invoiceId: 'A-4', ...busy },
    ],
  ]);
});

test.each([
  ['on a busy deal', new LedgerBusyError('A-1'), 'busy', 'Nothing was changed', 0],
  [
    'while the table is out',
    Object.assign(new Error('secret'), { name: 'TimeoutError' }),
    'unavailable',
    'may or may not have been done',
    1,
  ],
  ['by our own fault', new TypeError('secret'), 'internal', 'may be sent again', 1],
])(
  'an invoice that fails %s is told as a request of its own would be',
  async (_why, error, kind, words, reports) => {
    const { results, reported } = await batch(['A-1'], () => Promise.reject(error));
    expect(results).toEqual([
      { invoiceId: 'A-1', outcome: 'rejected', problem: { kind, detail: expect.stringContaining(words) } },
    ]);
    expect(reported).toHaveLength(reports);
  },
);

test('an invoice that fails unexpectedly is told so by itself, logged, and leaves the others their results', async () => {
  const failure = new Error('secret cause');
  const { status, results, reported } = await batch(['A-1', 'A-2', 'A-3'], async (request) => {
    if (request.invoiceId === 'A-2') throw failure;
    return created(request);
  });
  expect(status).toBe(200);
  expect(results).toMatchObject([
    { outcome: 'created' },
    { invoiceId: 'A-2', outcome: 'rejected', problem: { kind: 'internal' } },
    { outcome: 'created' },
  ]);
  expect(JSON.stringify(results)).not.toContain('secret cause');
  expect(reported).toEqual([failure]);
});

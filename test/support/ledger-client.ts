import type { Answer, Send } from './http-exchange.ts';

/** The accounting system: calls the ledger API with its token. */
export interface LedgerClient {
  call(method: string, target: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(invoiceId: string, body: object, headers?: Record<string, string>): Promise<Answer>;
  get(invoiceId: string): Promise<Answer>;
  remove(invoiceId: string, headers?: Record<string, string>): Promise<Answer>;
  pay(invoiceId: string, payment: object, headers?: Record<string, string>): Promise<Answer>;
  dealInvoices(dealId: string, query?: string): Promise<Answer>;
  batch(invoices: unknown): Promise<Answer>;
  events(query?: string): Promise<Answer>;
}

export function ledgerClient(send: Send, token: string): LedgerClient {
  const call: LedgerClient['call'] = (method, target, body, headers) =>
    send({ method, target, body, headers: { authorization: `Bearer ${token}`, ...headers } });
  return {
    call,
    put: (invoiceId, body, headers) => call('PUT', `/v1/invoices/${invoiceId}`, body, headers),
    get: (invoiceId) => call('GET', `/v1/invoices/${invoiceId}`),
    remove: (invoiceId, headers) => call('DELETE', `/v1/invoices/${invoiceId}`, undefined, headers),
    pay: (invoiceId, payment, headers) =>
      call('POST', `/v1/invoices/${invoiceId}/payments`, payment, headers),
    dealInvoices: (dealId, query = '') => call('GET', `/v1/deals/${dealId}/invoices${query}`),
    batch: (invoices) => call('POST', '/v1/invoices/batch', { invoices }),
    events: (query = '') => call('GET', `/v1/events${query}`),
  };
}

/** An open invoice of 1,190.00 EUR that is never overdue, as the accounting system would send it. */
export const invoiceBody = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  number: 'INV-1',
  customer: { name: 'Brightwater Hotels GmbH' },
  currency: 'EUR',
  issueDate: '2026-01-10',
  dueDate: '2999-02-09',
  status: 'open',
  lines: [{ description: 'Front desk licence', quantity: '10', unitPrice: '100.00', taxRate: '0.19' }],
  ...fields,
});

/** An id or a number that no other test of this process has used. */
export const unused = (prefix: string): string => {
  counter += 1;
  return `${prefix}${counter}`;
};
let counter = 0;

/** A deal's id that no other test of this process has used. */
export const unusedDeal = (): string => unused('7700');

/** A list of objects inside an answer. */
export const listOf = (answer: Answer, field: string): Record<string, unknown>[] => {
  const list = answer.body[field];
  if (!Array.isArray(list))
    throw new Error(`The answer has no list ${field}: ${JSON.stringify(answer.body)}`);
  return list;
};

/** One field of each invoice of an answer. */
export const fieldsOf = (answer: Answer, field: string, list = 'invoices'): unknown[] =>
  listOf(answer, list).map((entry) => entry[field]);

/** All events of the feed from the beginning, page by page. */
export async function allEvents(client: LedgerClient): Promise<Record<string, unknown>[]> {
  const events: Record<string, unknown>[] = [];
  let after = '';
  while (true) {
    const page = await client.events(`?limit=100&after=${after}`);
    const found = listOf(page, 'events');
    events.push(...found);
    if (found.length === 0) return events;
    after = String(page.body.next);
  }
}

/** Asks again until the answer is as wanted; the last answer where ten seconds did not bring it. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const until = Date.now() + 10_000;
  while (true) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

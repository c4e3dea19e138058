import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cardDefinition } from '../../functions/card/card-definition.ts';
import { type Answer, type Send, sendOverHttp } from '../support/http-exchange.ts';
import { callCard, cardQuery } from '../support/hubspot-caller.ts';
import {
  fieldsOf,
  invoiceBody,
  type LedgerClient,
  ledgerClient,
  listOf,
  unused,
  unusedDeal,
} from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

let simulator: RunningSimulator;
let send: Send;
let ledger: LedgerClient;

beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1', LEDGER_TOKENS: '987654:token,1001:other' });
  send = sendOverHttp(simulator.url);
  ledger = ledgerClient(send, 'token');
});
afterAll(async () => {
  await simulator?.stop();
});

const fetchCard = (query: string): Promise<Answer> =>
  callCard(send, { publicBaseUrl: simulator.url, secret: 'local-client-secret', query });
const cardOf = (deal: string, fields?: Record<string, string>) =>
  fetchCard(cardQuery(deal, '987654', fields));

/** A frame that the card opens under the public URL, admitted by a ticket. */
const frame = (label: string, path: string, width: number, height: number) => ({
  type: 'IFRAME',
  width,
  height,
  uri: expect.stringMatching(
    `^${`${simulator.url}/pages/${path}`.replaceAll(/[.?]/g, '\\$&')}[?&]ticket=[\\w-]+\\.[\\w-]+\\.[\\w-]+$`,
  ),
  label,
  associatedObjectProperties: [],
});

/** A card as text, but for its tickets, which say until which second they are good. */
const withoutTickets = (answer: Answer): string =>
  JSON.stringify(answer.body).replaceAll(/ticket=[\w.-]+/g, 'ticket=');

describe('GET /hubspot/card', () => {
  test('shows an invoice as soon as the accounting system’s call is answered, in exactly HubSpot’s format', async () => {
    const [id, deal] = [unused('CARD-'), unusedDeal()];
    await ledger.put(
      id,
      invoiceBody({
        dealId: deal,
        number: 'R-77',
        link: 'https://books.example.com/77',
        payments: [{ paymentId: 'p', amount: '90.00', paidAt: '2026-03-01' }],
      }),
    );
    const answer = await cardOf(deal);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(answer.body).toEqual({
      results: [
        {
          objectId: expect.any(Number),
          title: 'R-77',
          link: 'https://books.example.com/77',
          created: '2026-01-10',
          status: 'partially_paid',
          properties: [
            { label: 'Balance due', dataType: 'CURRENCY', value: '1100.00', currencyCode: 'EUR' },
            { label: 'Total', dataType: 'CURRENCY', value: '1190.00', currencyCode: 'EUR' },
            { label: 'Due date', dataType: 'DATE', value: '2999-02-09' },
            { label: 'Customer', dataType: 'STRING', value: 'Brightwater Hotels GmbH' },
          ],
          actions: [
            frame('View PDF', `invoices/${id}/pdf?version=1`, 860, 720),
            frame('Record payment', `invoices/${id}/payment?version=1`, 480, 520),
            {
              type: 'CONFIRMATION_ACTION_HOOK',
              httpMethod: 'POST',
              uri: `${simulator.url}/hubspot/invoices/${id}/void?version=1&dealId=${deal}`,
              label: 'Void R-77',
              confirmationMessage:
                'Void R-77? Brightwater Hotels GmbH will no longer owe 1,100.00 EUR. A void invoice stays in the books and can’t be reopened.',
              confirmButtonText: 'Void R-77',
              cancelButtonText: 'Keep it',
              associatedObjectProperties: [],
            },
          ],
        },
      ],
      primaryAction: frame('Create invoice', 'invoices/new', 860, 720),
      secondaryActions: [
        frame('View invoice PDF', `invoices/${id}/pdf?version=1`, 860, 720),
        frame('All invoices', `deals/${deal}/invoices`, 1000, 700),
      ],
      settingsAction: frame('Connection health', 'health', 640, 560),
    });
    expect(withoutTickets(await cardOf(deal))).toBe(withoutTickets(answer));
  });

  test('shows the five most urgent of many, the same first five as the ledger’s list', async () => {
    const deal = unusedDeal();
    const invoices = Array.from({ length: 40 }, (_, index) => ({
      ...invoiceBody({
        dealId: deal,
        number: `C-${index}`,
        status: ['void', 'paid', 'draft', 'open'][index % 4],
        dueDate: `2027-01-${String(28 - (index % 28)).padStart(2, '0')}`,
      }),
      invoiceId: unused('MANY-'),
    }));
    await ledger.batch(invoices);
    const urgent = fieldsOf(await ledger.dealInvoices(deal, '?limit=5'), 'number');
    expect(fieldsOf(await cardOf(deal), 'title', 'results')).toEqual(urgent);
    expect(urgent).toHaveLength(5);
  });

  test('has every status that the definition declares, and nothing that it doesn’t', async () => {
    const statuses: [string, Record<string, unknown>][] = [
      [
        'overdue',
        { dueDate: '2026-01-10', payments: [{ paymentId: 'p', amount: '1.00', paidAt: '2026-02-01' }] },
      ],
      ['open', {}],
      ['partially_paid', { payments: [{ paymentId: 'p', amount: '1.00', paidAt: '2026-02-01' }] }],
      ['draft', { status: 'draft' }],
      ['paid', { status: 'paid' }],
      ['void', { status: 'void' }],
    ];
    const declared = cardDefinition(simulator.url).display.properties;
    for (const [status, fields] of statuses) {
      const deal = unusedDeal();
      await ledger.put(unused('CARD-'), invoiceBody({ dealId: deal, ...fields }));
      const [result = {}] = listOf(await cardOf(deal), 'results');
      expect(result.status).toBe(status);
      const { objectId, title, properties, actions, ...own } = result;
      expect(Object.keys(own).sort()).toEqual(declared.map(({ name }) => name).sort());
      expect(declared.flatMap(({ options }) => options.map(({ name }) => name))).toContain(status);
    }
  });

  test('is empty for a deal without invoices, and for another portal’s deal of the same id', async () => {
    const deal = unusedDeal();
    expect(await cardOf(deal)).toMatchObject({ status: 200, body: { results: [] } });
    await ledger.put(unused('CARD-'), invoiceBody({ dealId: deal }));
    for (const portal of ['1001', '424242']) {
      const { body } = await fetchCard(cardQuery(deal, portal));
      expect(body).toEqual({
        results: [],
        primaryAction: frame('Create invoice', 'invoices/new', 860, 720),
        secondaryActions: [frame('All invoices', `deals/${deal}/invoices`, 1000, 700)],
        settingsAction: frame('Connection health', 'health', 640, 560),
      });
    }
  });

  test('follows an invoice that moves, and forgets one that is unlinked or deleted', async () => {
    const [id, first, second] = [unused('CARD-'), unusedDeal(), unusedDeal()];
    const titles = async () => [
      fieldsOf(await cardOf(first), 'title', 'results'),
      fieldsOf(await cardOf(second), 'title', 'results'),
    ];
    await ledger.put(id, invoiceBody({ dealId: first, status: 'draft' }));
    expect(await titles()).toEqual([['INV-1'], []]);
    await ledger.call('PUT', `/v1/invoices/${id}/deal`, { dealId: second });
    expect(await titles()).toEqual([[], ['INV-1']]);
    await ledger.remove(id);
    expect(await titles()).toEqual([[], []]);
  });

  test.each(['DEAL', '0-3'])('knows a deal as %s', async (associatedObjectType) => {
    const deal = unusedDeal();
    await ledger.put(unused('CARD-'), invoiceBody({ dealId: deal }));
    expect(listOf(await cardOf(deal, { associatedObjectType }), 'results')).toHaveLength(1);
  });

  test.each(['CONTACT', 'COMPANY', 'TICKET', 'MARKETING_EVENT', '0-1', '0-2', '0-5', '2-123', '2-48172613'])(
    'is empty on a %s, though a deal of that id has invoices',
    async (associatedObjectType) => {
      const deal = unusedDeal();
      await ledger.put(unused('CARD-'), invoiceBody({ dealId: deal }));
      expect(await cardOf(deal, { associatedObjectType })).toMatchObject({
        status: 200,
        body: { results: [] },
      });
    },
  );

  test.each(['', 'deal', 'DEALS', 'INVOICE', '3', '0-', '-3', '0-3-1', ' DEAL', '0-x'])(
    'refuses “%s” as type of object with 400',
    async (associatedObjectType) => {
      const answer = await cardOf('1', { associatedObjectType });
      expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, 'associatedObjectType']);
    },
  );

  test.each(['', '0', '-1', 'abc', '1.5', '1'.repeat(21)])(
    'refuses “%s” as a deal’s id with 400',
    async (deal) => {
      const answer = await cardOf(deal);
      expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, 'associatedObjectId']);
    },
  );

  test.each(['', 'x', '0'])('refuses “%s” as portal with 400', async (portalId) => {
    const answer = await fetchCard(cardQuery('1', portalId));
    expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, 'portalId']);
  });

  test('takes HubSpot’s own converter’s query: %40, appId, parameters it repeats, custom properties', async () => {
    const deal = unusedDeal();
    await ledger.put(unused('CARD-'), invoiceBody({ dealId: deal }));
    const converter = `${cardQuery(deal, '987654').replace('@', '%40')}&dealname=Front+desk+%26+more&amount=1%2C190&appId=12345`;
    const repeated = `${converter}&userId=5550001&userEmail=rep%40example.com&portalId=987654&appId=12345`;
    for (const query of [converter, repeated])
      expect(listOf(await fetchCard(query), 'results')).toHaveLength(1);
  });

  test('refuses a parameter that is there twice with different values: it would be a guess which is meant', async () => {
    for (const [name, value] of [
      ['portalId', '1001'],
      ['associatedObjectId', '2'],
      ['userId', '1'],
      ['dealname', 'b'],
    ]) {
      const answer = await fetchCard(`${cardQuery('1', '987654', { dealname: 'a' })}&${name}=${value}`);
      expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, name]);
    }
  });

  test('carries texts through as they are', async () => {
    const deal = unusedDeal();
    const name = '<script>alert("x")</script> 👩‍🍳 شركة النخيل \\ ‮';
    await ledger.put(unused('CARD-'), invoiceBody({ dealId: deal, number: '"№" <b>', customer: { name } }));
    const [result] = listOf(await cardOf(deal), 'results');
    expect(result).toMatchObject({ title: '"№" <b>', properties: [{}, {}, {}, { value: name }] });
  });

  test('is nothing but a GET, and nothing below it', async () => {
    for (const [method, target] of [
      ['POST', '/hubspot/card'],
      ['HEAD', '/hubspot/card'],
      ['GET', '/hubspot/card/'],
    ] as const) {
      expect((await send({ method, target })).status).toBe(404);
    }
  });
});

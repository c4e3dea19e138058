import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type {
  ActionAnswer,
  CardAnswer,
  DealPageBackend,
  ReceivedEvent,
} from '../../local/deal-page/backend.ts';
import { dealPageRoutes } from '../../local/deal-page/routes.ts';

/** What a test may change while the page is open. */
export type MadeUpWorld = {
  answerCard: () => Promise<CardAnswer>;
  runAction: (dealId: string, action: unknown) => Promise<ActionAnswer>;
  events: ReceivedEvent[];
  cardFetches: number;
};

export const answered = (body: unknown, status = 200): CardAnswer => ({ status, body, milliseconds: 12.4 });

export const definition = {
  title: 'Invoices',
  displayProperties: [
    { name: 'created', label: 'Issued', dataType: 'DATE', options: [] },
    {
      name: 'status',
      label: 'Status',
      dataType: 'STATUS',
      options: [
        { name: 'draft', label: 'Draft', type: 'DEFAULT' },
        { name: 'open', label: 'Open', type: 'INFO' },
        { name: 'partially_paid', label: 'Partially paid', type: 'WARNING' },
        { name: 'overdue', label: 'Overdue', type: 'DANGER' },
        { name: 'paid', label: 'Paid', type: 'SUCCESS' },
        { name: 'void', label: 'Void', type: 'DEFAULT' },
      ],
    },
  ],
} as const;

/** An invoice as the card shows it. */
export const invoiceRow = (
  objectId: number,
  overrides: Readonly<Record<string, unknown>> = {},
  [balance, currencyCode] = ['1190.00', 'EUR'],
) => ({
  objectId,
  title: `INV-00${objectId}`,
  link: `https://books.example.com/invoices/${objectId}`,
  created: '2026-10-13',
  status: 'open',
  properties: [
    { label: 'Balance due', dataType: 'CURRENCY', value: balance, currencyCode },
    { label: 'Total', dataType: 'CURRENCY', value: balance, currencyCode },
    { label: 'Due date', dataType: 'DATE', value: '2026-11-12' },
    { label: 'Customer', dataType: 'STRING', value: 'Acme GmbH' },
  ],
  ...overrides,
});

const framePage = '<!doctype html><html lang="en"><title>A frame</title><p>A form</p></html>';

/** Serves the deal page over a made-up world, and at `/frame` a page for the frames of actions. */
export const serveDealPage = async (world: MadeUpWorld): Promise<{ url: string; server: Server }> => {
  const backend: DealPageBackend = {
    deals: () => [
      {
        dealId: '101',
        name: 'Acme renewal',
        amount: '1,190.00 EUR',
        stage: 'Contract sent',
        note: 'two invoices',
      },
      { dealId: '102', name: '<img src=x onerror=alert(1)> & Söhne', stage: 'Closed won', note: 'odd texts' },
    ],
    fetchCard: () => {
      world.cardFetches += 1;
      return world.answerCard();
    },
    runAction: (dealId, action) => world.runAction(dealId, action),
    cardDefinition: () => definition,
    recentEvents: () => world.events,
  };
  const routes = dealPageRoutes(backend);
  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (path === '/frame') {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(framePage);
      return;
    }
    const answer = await routes({ method: request.method ?? 'GET', path, query, body: await text(request) });
    response.writeHead(answer?.status ?? 404, answer?.headers).end(answer?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return { url: `http://127.0.0.1:${address.port}`, server };
};

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { extractText, getDocumentProxy } from 'unpdf';
import { asPortalId } from '../../functions/invoices/identifiers.ts';
import { settingsKey } from '../../functions/invoices/ledger-keys.ts';
import { mintTicket } from '../../functions/rep/ticket.ts';
import { NAMES } from '../../local/function-environment.ts';
import { eventually } from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';
import { deal, invoice, portal } from './action-world.ts';

const DEAL = '7001';
const TICKET_KEY = 'the-ticket-key-of-this-test-of-pdfs';
/** The same ids, of another portal. */
const ELSEWHERE = { portalId: portal('111'), dealId: deal(DEAL), invoiceId: invoice('THEIRS-1') };
let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1', TICKET_KEYS: TICKET_KEY });
  await set('pdfHosts', ['accounting.example.com']);
  await set('seller', { name: 'Bright Supplies GmbH', address: ['Hafenweg 1', '20457 Hamburg'], bank: [] });
  await put('OWN-1', {});
  await put('THEIRS-1', { pdfUrl: 'https://accounting.example.com/pdf/1' });
  await put('ELSEWHERE-1', { pdfUrl: 'https://elsewhere.example/pdf/1' });
}, 60_000);
afterAll(() => simulator?.stop());

/** Sets a portal's setting as the operator's tool does. */
async function set(name: string, value: unknown): Promise<void> {
  const endpoint = /DynamoDB\s+(http:\S+)/.exec(simulator.output())?.[1] ?? '';
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const portalId = asPortalId('987654');
  if (!portalId) throw new Error('no portal');
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: NAMES.ledgerTable,
      Key: { ...settingsKey(portalId) },
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
  client.destroy();
}

async function put(number: string, said: object): Promise<void> {
  const answer = await fetch(`${simulator.url}/v1/invoices/${number}`, {
    method: 'PUT',
    headers: { authorization: 'Bearer local-ledger-token' },
    body: JSON.stringify({
      number,
      dealId: DEAL,
      customer: { name: 'Zakład Żółw' },
      currency: 'EUR',
      issueDate: '2026-01-02',
      dueDate: '2099-01-31',
      status: 'open',
      lines: [{ description: 'Chairs', quantity: '4', unitPrice: '250.00', taxRate: '0.19' }],
      ...said,
    }),
  });
  expect(answer.status).toBe(201);
}

interface CardRow {
  title: string;
  actions: { label: string; uri: string }[];
}

/** The address of an invoice's PDF as the card gives it, with its ticket. */
async function pdfAddress(number: string): Promise<string> {
  const card = await (await fetch(`${simulator.url}/_page/deals/${DEAL}/card`)).json();
  const rows: CardRow[] = card.body.results;
  const row = rows.find(({ title }) => title === number);
  return row?.actions.find(({ label }) => label === 'View PDF')?.uri ?? '';
}

const open = async (number: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(await pdfAddress(number), { headers, redirect: 'manual' });

describe('the PDF that the card opens', () => {
  test('is rendered with the seller’s and the buyer’s names and the total, and can be framed by HubSpot only', async () => {
    const answer = await open('OWN-1');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toBe('inline; filename="OWN-1.pdf"');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^frame-ancestors https:\/\/app\.hubspot\.com/,
    );
    expect(answer.headers.get('x-frame-options')).toBeNull();
    const pdf = await getDocumentProxy(new Uint8Array(await answer.arrayBuffer()));
    const { text } = await extractText(pdf, { mergePages: true });
    expect(text).toContain('Bright Supplies GmbH');
    expect(text).toContain('Zakład Żółw');
    expect(text).toContain('1,190.00');
  });

  test('is not sent again to a browser that has it', async () => {
    const etag = (await open('OWN-1')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{20,}"$/);
    const again = await open('OWN-1', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('is the accounting system’s own where that lies on an allowed host: the browser is sent there', async () => {
    const answer = await open('THEIRS-1');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      'https://accounting.example.com/pdf/1',
    ]);
  });

  test('is ours where the books name another host', async () => {
    const answer = await open('ELSEWHERE-1');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  });

  test('leaves a line in the log that names the characters no font covers, and what is covered leaves none', async () => {
    await put('CJK-1', { customer: { name: '東京 Żółw 東' } });
    expect((await open('OWN-1')).status).toBe(200);
    const correlationId = (await open('CJK-1')).headers.get('x-correlation-id');
    const warnings = async () =>
      simulator
        .output()
        .split('\n')
        .filter((line) => line.includes('A PDF has characters that no font covers'))
        .map((line) => JSON.parse(line));
    expect(await eventually(warnings, ({ length }) => length > 0)).toMatchObject([
      {
        level: 'WARN',
        invoiceId: 'CJK-1',
        characters: ['東', '京'],
        correlation_id: correlationId,
      },
    ]);
  });

  test('is saved under the invoice’s own name, in whatever script', async () => {
    await put('AR-99', { number: 'فاتورة 99' });
    expect((await open('فاتورة 99')).headers.get('content-disposition')).toBe(
      `inline; filename="99.pdf"; filename*=UTF-8''${encodeURIComponent('فاتورة 99.pdf')}`,
    );
  });

  test('needs a ticket for this very invoice', async () => {
    const ticket = new URL(await pdfAddress('OWN-1')).searchParams.get('ticket');
    const { portalId, dealId, invoiceId } = ELSEWHERE;
    const otherPortals = mintTicket(TICKET_KEY, {
      rep: { portalId, userId: '77' },
      subject: { page: 'pdf', dealId, invoiceId },
      expiresAt: Date.now() + 60_000,
    });
    for (const query of ['', '?ticket=forged', `?ticket=${ticket}`, `?ticket=${otherPortals}`]) {
      const answer = await fetch(`${simulator.url}/pages/invoices/THEIRS-1/pdf${query}`, {
        redirect: 'manual',
      });
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain('reload the deal');
    }
  });

  test('is no longer there for a ticket of a deal that the invoice has left', async () => {
    await put('MOVING-1', {});
    const address = await pdfAddress('MOVING-1');
    await fetch(`${simulator.url}/v1/invoices/MOVING-1/deal`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer local-ledger-token' },
    });
    expect((await fetch(address)).status).toBe(404);
  });
});

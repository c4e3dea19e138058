import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  asDealId,
  asInvoiceId,
  asPortalId,
  type DealId,
  type PortalId,
} from '../functions/invoices/identifiers.ts';
import type { ReplaceInvoice } from '../functions/invoices/ledger-command.ts';
import { LedgerStore } from '../functions/invoices/ledger-store.ts';
import { readAccountingInvoice } from '../functions/invoices/read-invoice-input.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../local/dynamodb/embedded-dynamodb.ts';
import { createLedgerTable } from '../local/ledger-table.ts';
import { bulkLedger, type TimedCommand } from '../local/sample-data/bulk-ledger.ts';
import { dynamodbItem } from '../local/sample-data/load-sample-data.ts';

export const TABLE = 'bench-ledger';

/** The id, or an error: for ids that stand in the code. */
export function known<T>(id: T | undefined): T {
  if (id === undefined) throw new Error('An id in the bench is malformed.');
  return id;
}

export const PORTAL: PortalId = known(asPortalId('987654'));
export const SMALL_DEAL: DealId = known(asDealId('5'));
export const LARGE_DEAL: DealId = known(asDealId('50000'));

export interface LedgerFixture {
  dynamodb: EmbeddedDynamoDB;
  documents: DynamoDBDocumentClient;
  store: LedgerStore;
  close(): Promise<void>;
}

/** An invoice of a typical size, as a command of the accounting system. */
export function typicalInvoice(number: string, dealId: DealId): ReplaceInvoice {
  const reading = readAccountingInvoice({
    number,
    dealId,
    customer: { name: 'Northline Logistics AB', email: 'ap@northline.example' },
    currency: 'EUR',
    issueDate: '2026-10-01',
    dueDate: '2026-10-31',
    status: 'open',
    lines: [{ description: 'Pallet transport', quantity: '3', unitPrice: '138.50', taxRate: '0.19' }],
    link: `https://accounting.example.com/invoices/${number}`,
  });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

/** An embedded DynamoDB with a deal of 5 invoices and one of `largeDeal`, loaded in bulk. */
export async function ledgerFixture(largeDeal: number): Promise<LedgerFixture> {
  const dynamodb = await startEmbeddedDynamoDB();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
  });
  const client = new DynamoDBClient({});
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  await createLedgerTable(client, TABLE);
  const commands = [...deal(SMALL_DEAL, 'S', 5), ...deal(LARGE_DEAL, 'L', largeDeal)];
  await dynamodb.loadItems(TABLE, bulkLedger(PORTAL, commands, 30).map(dynamodbItem));
  return {
    dynamodb,
    documents,
    store: new LedgerStore({ documents, tableName: TABLE }),
    close: async () => {
      client.destroy();
      await dynamodb.close();
    },
  };
}

const deal = (dealId: DealId, prefix: string, count: number): TimedCommand[] =>
  Array.from({ length: count }, (_, index) => {
    const number = `${prefix}-${index + 1}`;
    return {
      invoiceId: known(asInvoiceId(number)),
      command: typicalInvoice(number, dealId),
      at: '2026-10-01T08:00:00.000Z',
    };
  });

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { actionOperations } from '../../functions/actions/action-operations.ts';
import { messageAnswers } from '../../functions/actions/message-answers.ts';
import { httpHandler } from '../../functions/http/http-handler.ts';
import { type HubSpotCaller, hubspotSignature } from '../../functions/http/hubspot-signature.ts';
import { signV3 } from '../../functions/hubspot/request-signature.ts';
import {
  asDealId,
  asInvoiceId,
  asPortalId,
  type DealId,
  type InvoiceId,
  type PortalId,
} from '../../functions/invoices/identifiers.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { Ledger } from '../../functions/invoices/ledger.ts';
import type { LedgerCommand, ReplaceInvoice } from '../../functions/invoices/ledger-command.ts';
import type { LedgerEvent } from '../../functions/invoices/ledger-event.ts';
import { eventFromItem } from '../../functions/invoices/ledger-items.ts';
import { EVENT_PREFIX, invoiceKey } from '../../functions/invoices/ledger-keys.ts';
import { LedgerStore } from '../../functions/invoices/ledger-store.ts';
import { DEFAULT_SETTINGS, type PortalSettings } from '../../functions/invoices/portal-settings.ts';
import { readAccountingInvoice } from '../../functions/invoices/read-invoice-input.ts';
import { newId } from '../../functions/rep/new-id.ts';
import type { RouteKey } from '../../functions/routes.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { type ArrivedRequest, gatewayEvent, lambdaContext } from '../../local/gateway/gateway-event.ts';
import { matchRoute } from '../../local/gateway/match-route.ts';
import { createLedgerTable } from '../../local/ledger-table.ts';

export const PUBLIC_BASE_URL = 'https://ledgerbridge.example.com';
export const TICKET_KEY = 'a-ticket-key-of-at-least-32-characters';
const CLIENT_SECRET = 'action-client-secret';
const TABLE = 'actions';

const known = <T>(id: T | undefined): T => {
  if (id === undefined) throw new Error('An id of the test is malformed.');
  return id;
};
export const deal = (id: string): DealId => known(asDealId(id));
export const invoice = (id: string): InvoiceId => known(asInvoiceId(id));
export const portal = (id: string): PortalId => known(asPortalId(id));

export const DEAL = deal('5001');

/** What a call says; the rest is as HubSpot would send it for a rep who looks at the deal. */
export interface HookCall {
  method?: 'POST' | 'PATCH' | 'DELETE' | 'GET';
  /** Path and query. */
  target: string;
  json?: unknown;
  form?: Record<string, string>;
  /** Sent as it is, with this content type. */
  raw?: { type: string; text: string };
  user?:
    | { userId?: string; userEmail?: string; portalId?: string; associatedObjectId?: string }
    | 'in the body';
}

export interface HookAnswer {
  status: number;
  body: { message: string; invoice?: Record<string, unknown>; errors?: { field: string }[] } & Record<
    string,
    unknown
  >;
}

/** A ledger in an embedded DynamoDB with the actions function in front of it, and HubSpot's server to call it. */
export class ActionWorld {
  readonly #dynamodb: EmbeddedDynamoDB;
  readonly #client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
  readonly store: LedgerStore;
  readonly portalId: PortalId;
  readonly tableName = TABLE;
  settings: PortalSettings = DEFAULT_SETTINGS;
  /** What the log was told of the table, with its error. */
  readonly reported: [string, unknown][] = [];
  readonly #clock: { now: number };

  private constructor(
    dynamodb: EmbeddedDynamoDB,
    portalId: PortalId,
    client: DynamoDBClient,
    clock: { now: number },
  ) {
    this.#clock = clock;
    this.#dynamodb = dynamodb;
    this.#client = client;
    this.documents = DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.store = new LedgerStore({ documents: this.documents, tableName: TABLE });
    this.portalId = portalId;
  }

  static async start(): Promise<ActionWorld> {
    const clock = { now: Date.parse('2026-11-22T10:00:00Z') };
    // The table's clock too: by the machine's, the outcomes of this world have ended a week after that date.
    const dynamodb = await startEmbeddedDynamoDB({ clock: () => clock.now });
    const client = new DynamoDBClient({
      endpoint: dynamodb.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await createLedgerTable(client, TABLE);
    return new ActionWorld(dynamodb, portal('987654'), client, clock);
  }

  /** Epoch milliseconds, for everything in this world. */
  get now(): number {
    return this.#clock.now;
  }

  set now(now: number) {
    this.#clock.now = now;
  }

  get faults(): EmbeddedDynamoDB['faults'] {
    return this.#dynamodb.faults;
  }

  /** What the table does by itself every few seconds. */
  deleteExpiredItems = (): Promise<number> => this.#dynamodb.deleteExpiredItems();

  get requests(): Readonly<Record<string, number>> {
    return this.#dynamodb.requests;
  }

  ledgerOn(store: LedgerStore): Ledger {
    const timing = {
      now: () => this.now,
      wait: () => new Promise<void>((resolve) => setImmediate(resolve)),
      random: () => 0,
    };
    return new Ledger(store, async () => this.settings, timing);
  }

  /** A handler as a fresh process would have it; on another store where that one is to fail. */
  handler(store: LedgerStore = this.store) {
    const metrics = new Metrics({ namespace: 'test', serviceName: 'actions' });
    const access = {
      store,
      ledger: this.ledgerOn(store),
      settings: async () => this.settings,
      ticketKeys: { value: async () => [TICKET_KEY] as const, fresh: async () => undefined },
      publicBaseUrl: PUBLIC_BASE_URL,
      now: () => this.now,
      newId: () => newId(),
      report: (message: string, error: unknown) => this.reported.push([message, error]),
    };
    return messageAnswers(
      httpHandler<HubSpotCaller, RouteKey<'actions'>>({
        logger: new Logger({ logLevel: 'SILENT' }),
        authenticate: hubspotSignature({
          secrets: { value: async () => [CLIENT_SECRET], fresh: async () => undefined },
          publicBaseUrl: PUBLIC_BASE_URL,
          acceptV2: false,
          metrics,
          now: () => this.now,
        }),
        operations: actionOperations(access),
      }),
    );
  }

  /** Calls a hook as HubSpot's server does, signed, with its parameters in the query. */
  async call(call: HookCall, handler = this.handler(), timeoutMs = 30_000): Promise<HookAnswer> {
    const context = lambdaContext('actions', timeoutMs, () => this.now);
    const { statusCode = 0, body = '' } = await handler(this.event(call), context);
    return { status: statusCode, body: JSON.parse(body) };
  }

  /** The call as API Gateway hands it over. */
  event(call: HookCall): APIGatewayProxyEventV2 {
    const request = this.#request(call);
    const path = request.target.replace(/\?.*$/, '');
    return gatewayEvent(request, path, known(matchRoute(request.method, path)), this.now);
  }

  #request({ method = 'POST', target, json, form, raw, user }: HookCall): ArrivedRequest {
    const own = { userId: '77', userEmail: 'rep@example.com', portalId: this.portalId };
    const parameters = new URLSearchParams(user === 'in the body' ? {} : { ...own, ...user });
    const separator = target.includes('?') ? '&' : '?';
    const signedTarget = parameters.size === 0 ? target : `${target}${separator}${parameters}`;
    const [type, text] = bodyOf({ json, form, raw });
    const body = Buffer.from(text);
    const timestamp = String(this.now);
    const signed = { method, uri: `${PUBLIC_BASE_URL}${signedTarget}`, body };
    return {
      method,
      target: signedTarget,
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        'x-hubspot-signature-v3': signV3(signed, timestamp, CLIENT_SECRET),
        'x-hubspot-request-timestamp': timestamp,
      },
      body,
    };
  }

  /** Puts an invoice into the ledger as the accounting system would. */
  async put(id: string, fields: Record<string, unknown> = {}): Promise<Invoice> {
    const reading = readAccountingInvoice({
      number: id,
      dealId: DEAL,
      customer: { name: 'Acme GmbH' },
      currency: 'EUR',
      issueDate: '2026-11-01',
      dueDate: '2026-12-01',
      status: 'open',
      lines: [{ description: 'Work', quantity: '10', unitPrice: '100.00', taxRate: '0.19' }],
      ...fields,
    });
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    return this.run(invoice(id), reading.value);
  }

  async run(invoiceId: InvoiceId, command: ReplaceInvoice | LedgerCommand): Promise<Invoice> {
    const result = await this.ledgerOn(this.store).run({
      portalId: this.portalId,
      invoiceId,
      command,
      actor: { kind: 'accounting' },
      origin: 'accounting',
    });
    if (result.kind === 'refused') throw new Error(`${result.refusal.code}: ${result.refusal.detail}`);
    if (!('invoice' in result)) throw new Error(`The command came to: ${result.kind}`);
    return result.invoice;
  }

  /** The invoice as it is, undefined where there is none. */
  async current(invoiceId: string, portalId = this.portalId): Promise<Invoice | undefined> {
    return (await this.store.current(portalId, invoice(invoiceId))).invoice;
  }

  async events(invoiceId: string): Promise<LedgerEvent[]> {
    const { Items = [] } = await this.documents.send(
      new QueryCommand({
        TableName: TABLE,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
        ExpressionAttributeValues: {
          ':pk': invoiceKey(this.portalId, invoice(invoiceId)).pk,
          ':event': EVENT_PREFIX,
        },
        ConsistentRead: true,
      }),
    );
    return Items.map(eventFromItem);
  }

  async stop(): Promise<void> {
    this.#client.destroy();
    await this.#dynamodb.close();
  }
}

function bodyOf({ json, form, raw }: Pick<HookCall, 'json' | 'form' | 'raw'>): [string | undefined, string] {
  if (raw) return [raw.type, raw.text];
  if (form) return ['application/x-www-form-urlencoded; charset=utf-8', new URLSearchParams(form).toString()];
  return json === undefined ? [undefined, ''] : ['application/json', JSON.stringify(json)];
}

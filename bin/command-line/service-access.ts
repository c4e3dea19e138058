import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { StoreAccess } from '../../functions/invoices/ledger-store.ts';
import { NAMES } from '../../local/function-environment.ts';
import { UsageError } from './run-tool.ts';

/** The options by which a tool is told where the ledger's table is. */
export const TABLE_OPTIONS = {
  table: { type: 'string' },
  endpoint: { type: 'string' },
} as const;

export const TABLE_HELP = `
  --table NAME       The ledger's table (LedgerTableName among the data stack's outputs).
                     Default: LEDGER_TABLE; with a local endpoint ${NAMES.ledgerTable}.
  --endpoint URL     DynamoDB somewhere else than on AWS, such as the one that the running
                     simulator prints. Default: AWS_ENDPOINT_URL_DYNAMODB.`.slice(1);

type Variables = Record<string, string | undefined>;

/** The ledger's table and the client that reads it. */
export interface TableAccess extends StoreAccess {
  close(): void;
}

/** Connects to the ledger's table with AWS's default credentials, or to a local endpoint with made-up ones. Throws a UsageError. */
export function tableAccess(
  given: { table?: string | undefined; endpoint?: string | undefined },
  variables: Variables = process.env,
): TableAccess {
  const endpoint = serviceEndpoint(given.endpoint, 'AWS_ENDPOINT_URL_DYNAMODB', variables);
  const tableName =
    given.table || variables.LEDGER_TABLE || (isLoopback(endpoint) ? NAMES.ledgerTable : undefined);
  if (!tableName) {
    throw new UsageError(
      "Which table? Pass --table with the name that the data stack's output LedgerTableName has, or set LEDGER_TABLE.",
    );
  }
  const client = new DynamoDBClient({ ...clientSettings(endpoint, variables), maxAttempts: 8 });
  return {
    documents: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    tableName,
    close: () => client.destroy(),
  };
}

/** The endpoint given on the command line or by the SDK's own variable; undefined for AWS. Throws a UsageError on what is no URL. */
export function serviceEndpoint(
  given: string | undefined,
  variable: string,
  variables: Variables = process.env,
): string | undefined {
  const endpoint = given || variables[variable] || variables.AWS_ENDPOINT_URL || undefined;
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new UsageError(
      `The endpoint is ${JSON.stringify(endpoint)}; expected a URL such as http://127.0.0.1:8000.`,
    );
  }
  return endpoint;
}

/** What a client of an AWS service is made with. A local endpoint takes any region and credentials, so none need to be set. */
export function clientSettings(endpoint: string | undefined, variables: Variables = process.env) {
  if (endpoint === undefined) return {};
  if (!isLoopback(endpoint)) return { endpoint };
  return {
    endpoint,
    region: variables.AWS_REGION || 'us-east-1',
    // Never the user's own: whatever listens on this port is not AWS.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether the URL's host is this machine. */
export const isLoopback = (url: string | undefined): boolean =>
  url !== undefined && URL.canParse(url) && LOOPBACK_HOSTS.has(new URL(url).hostname);

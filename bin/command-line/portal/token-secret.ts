import { setTimeout as wait } from 'node:timers/promises';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { NAMES } from '../../../local/function-environment.ts';
import { ToolFailure, UsageError } from '../run-tool.ts';
import { clientSettings, isLoopback, serviceEndpoint } from '../service-access.ts';
import { readTokenBook, type TokenBook, writeTokenBook } from './token-book.ts';

const ENDPOINT_VARIABLE = 'AWS_ENDPOINT_URL_SECRETS_MANAGER';

/** The secret with the ledger tokens. */
export interface TokenSecret {
  read(): Promise<TokenBook>;
  /** Changes what is there now, and sees afterwards that nobody else's change took its place. */
  change(next: (book: TokenBook) => TokenBook): Promise<void>;
}

/** The secret in Secrets Manager, with AWS's default credentials. Throws a UsageError where its name is not known. */
export function tokenSecret(
  given: { secret?: string | undefined; endpoint?: string | undefined },
  variables: Record<string, string | undefined>,
): TokenSecret {
  const endpoint = serviceEndpoint(given.endpoint, ENDPOINT_VARIABLE, variables);
  const SecretId =
    given.secret ||
    variables.LEDGER_TOKENS_SECRET_ID ||
    (isLoopback(endpoint) ? NAMES.ledgerTokens : undefined);
  if (!SecretId) {
    throw new UsageError(
      "Which secret? Pass --secret with the data stack's output LedgerTokensArn, or set LEDGER_TOKENS_SECRET_ID.",
    );
  }
  const client = new SecretsManagerClient(clientSettings(endpoint, variables));
  const read = async (): Promise<TokenBook> => {
    const command = new GetSecretValueCommand({ SecretId });
    const { SecretString } = await onSecretsManager(() => client.send(command));
    return readTokenBook(SecretString ?? '');
  };
  return {
    read,
    async change(next) {
      const wanted = next(await read());
      const command = new PutSecretValueCommand({ SecretId, SecretString: writeTokenBook(wanted) });
      await onSecretsManager(() => client.send(command));
      // Secrets Manager has no conditional write: two who change it at once would not notice.
      if (!(await comesToBe(async () => writeTokenBook(await read()) === writeTokenBook(wanted)))) {
        throw new ToolFailure(
          'Somebody else changed the ledger tokens at the same moment. Look at "tokens", then try again.',
        );
      }
    },
  };
}

const SIMULATOR =
  'The simulator takes its tokens from its environment and stores none: start it with LEDGER_TOKENS=portal:token,portal:token instead.';

/** Makes a call, and explains it where whatever answers is no Secrets Manager, as at the simulator's addresses. */
async function onSecretsManager<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && NOT_SECRETS_MANAGER.has(error.name)) throw new ToolFailure(SIMULATOR);
    throw error;
  }
}

/** What the SDK calls the answer of another AWS service, and one that is in no form of AWS's. */
const NOT_SECRETS_MANAGER = new Set(['UnknownOperationException', 'Unknown']);

/** A secret just written may be read as it was for a moment. */
async function comesToBe(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let look = 0; look < 5; look++) {
    if (look > 0) await wait(500);
    if (await isSo()) return true;
  }
  return false;
}

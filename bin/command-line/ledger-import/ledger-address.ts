import { UsageError } from '../run-tool.ts';
import { isLoopback } from '../service-access.ts';

/** Where the simulator listens, and the token it takes, unless told otherwise. */
const SIMULATOR_URL = 'http://127.0.0.1:3000';
const SIMULATOR_TOKEN = 'local-ledger-token';

export interface LedgerAddress {
  /** No slash at the end. */
  url: string;
  token: string;
  /** What the user should know about how they were found. */
  notice: string | undefined;
}

/** Where the ledger is and the token for it: `--url` or LEDGER_URL, and LEDGER_TOKEN. Throws a UsageError. */
export function ledgerAddress(
  given: string | undefined,
  variables: Record<string, string | undefined>,
): LedgerAddress {
  const url = (given || variables.LEDGER_URL || SIMULATOR_URL).replace(/\/+$/, '');
  if (!/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(url) || !URL.canParse(url)) {
    throw new UsageError(
      `The ledger's URL is ${JSON.stringify(url)}; expected one such as https://ledger.example.com.`,
    );
  }
  if (url.startsWith('http:') && !isLoopback(url)) {
    throw new UsageError(
      `${url} is not encrypted, and the token would be readable on the way; expected https://.`,
    );
  }
  const token = variables.LEDGER_TOKEN;
  if (token) {
    if (!/^[\x21-\x7e]{1,512}$/.test(token)) {
      throw new UsageError('LEDGER_TOKEN is no token: expected printable characters without spaces.');
    }
    return { url, token, notice: undefined };
  }
  if (url !== SIMULATOR_URL) {
    throw new UsageError(`LEDGER_TOKEN is not set; expected the ledger token for ${url}.`);
  }
  return {
    url,
    token: SIMULATOR_TOKEN,
    notice: `LEDGER_TOKEN is not set: using the simulator's own token at ${url}.`,
  };
}

import { createHash } from 'node:crypto';
import { NAMES } from './function-environment.ts';
import type { SimulatorSettings } from './settings.ts';

/** The secrets as Secrets Manager would hold them; ledger tokens by their SHA-256, as when deployed. */
export function secretsOf(settings: SimulatorSettings): (id: string) => string | undefined {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const secrets = new Map<string, string>([
    [NAMES.hubspotClientSecret, settings.hubspotClientSecret],
    [NAMES.ticketKeys, settings.ticketKeys],
    [NAMES.hubspotAccessTokens, settings.hubspotAccessToken],
    [
      NAMES.ledgerTokens,
      JSON.stringify(
        Object.fromEntries(settings.ledgerTokens.map(({ token, portalId }) => [sha256(token), portalId])),
      ),
    ],
  ]);
  return (id) => secrets.get(id);
}

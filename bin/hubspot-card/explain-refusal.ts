import type { HubSpotRefusal } from './cards-api.ts';
import type { CardToolSettings } from './settings.ts';

/** What HubSpot says of cards that can't be made any more; its wording is not documented. */
const WITHDRAWN = /legacy|no longer|not supported|unsupported|sunset|deprecat/i;

/** Statuses under which a withdrawn endpoint may answer. */
const GONE = new Set([403, 404, 405, 410, 501]);

/** What HubSpot's refusal means and what to do about it, in plain words. */
export function explainRefusal(refusal: HubSpotRefusal, settings: CardToolSettings): string {
  return [meaning(refusal, settings), theirWords(refusal), 'Nothing was changed.']
    .filter(Boolean)
    .join('\n\n');
}

function meaning(refusal: HubSpotRefusal, settings: CardToolSettings): string {
  const { status, category, message, asked } = refusal;
  if (status === 401 || category === 'MISSING_SCOPES') return wrongCredentials(settings);
  if (asked === 'create' && (WITHDRAWN.test(message) || (GONE.has(status) && status !== 404))) {
    return WITHDRAWN_MEANING;
  }
  switch (status) {
    case 200:
      return 'HubSpot answered with something else than its Cards API promises. Is HUBSPOT_API_URL right?';
    case 403:
      return wrongCredentials(settings);
    case 404:
      return `HubSpot knows no cards of app ${settings.appId} under ${settings.apiVersion}. Is HUBSPOT_APP_ID the app’s id, and does it belong to the account of the key or token? The other edition of the API can be tried with HUBSPOT_API_VERSION.`;
    case 410:
      return `HubSpot has withdrawn this edition of its Cards API (${settings.apiVersion}). The other one can be tried with HUBSPOT_API_VERSION.`;
    case 429:
      return 'HubSpot asks to go slower. Try again in a minute.';
    default:
      return status >= 500
        ? 'HubSpot has a problem of its own. Try again later.'
        : 'HubSpot does not accept the card as it is defined.';
  }
}

const WITHDRAWN_MEANING = `HubSpot no longer lets this account create legacy CRM cards: its guide allows no new ones since June 2025, and withdrew them all on 31 October 2026.

What works instead:
- An app card (a React UI extension) can show the same invoices from the same backend: HubSpot’s own converter sample replays this card’s contract over hubspot.fetch, and GET /hubspot/deals/{dealId}/invoices answers the whole list as JSON. An admin of each account adds it to the deal records.
- A card that this app already has can still be changed with "push" for as long as HubSpot answers for it.`;

const wrongCredentials = ({ credentials }: CardToolSettings): string =>
  credentials.kind === 'developer-key'
    ? 'HubSpot does not accept the developer key for this app. HUBSPOT_DEVELOPER_KEY must be that of the developer account that owns the app. Where HubSpot takes a token instead, leave the key out and set HUBSPOT_ACCESS_TOKEN.'
    : 'HubSpot does not accept the access token for this app. HUBSPOT_ACCESS_TOKEN needs the right to read and write developer settings. Where HubSpot takes a developer key instead, leave the token out and set HUBSPOT_DEVELOPER_KEY.';

function theirWords({ status, message, category, correlationId }: HubSpotRefusal): string {
  const details = [
    category,
    status === 200 ? '' : `status ${status}`,
    correlationId ? `correlation id ${correlationId}` : '',
  ];
  return `HubSpot’s answer: ${message || 'no words'} (${details.filter(Boolean).join(', ')})`;
}

import type { Operation } from '../http/http-handler.ts';
import type { HubSpotCaller } from '../http/hubspot-signature.ts';
import { invalidParameter } from '../http/problem.ts';
import { dateInTimeZone } from '../invoices/calendar.ts';
import { asDealId, type DealId, HUBSPOT_ID_RULE, type PortalId } from '../invoices/identifiers.ts';
import type { LedgerStore } from '../invoices/ledger-store.ts';
import type { ReadSettings } from '../invoices/settings-cache.ts';
import { type Rep, repOf } from '../rep/rep.ts';
import type { Secret } from '../secret-store.ts';
import { within } from '../within.ts';
import { actionContext } from './action-context.ts';
import { CARD_ROWS, type CardResponse, cardResponse, EMPTY_CARD, UNAVAILABLE_CARD } from './card-response.ts';

export interface CardAccess {
  store: Pick<LedgerStore, 'dealTop'>;
  settings: ReadSettings;
  ticketKeys: Secret<readonly [string, ...string[]]>;
  /** Without a slash at the end. */
  publicBaseUrl: string;
  /** Epoch milliseconds. */
  now: () => number;
  report: (message: string, error: unknown) => void;
  /** Told of each card that could not be shown: HubSpot gets a 200 all the same, so nothing else tells. */
  countUnavailable: () => void;
}

/** HubSpot gives up on a card after five seconds, cold start included: whatever is not read so long after the request came is left out. */
const DEADLINE_MS = 3_500;

/** The metric of cards that could not be shown. */
export const CARD_UNAVAILABLE_METRIC = 'CardUnavailable';

/** `GET /hubspot/card`: the deal's most urgent invoices, or a card that says that they can't be had right now. */
export const fetchCard =
  (access: CardAccess): Operation<HubSpotCaller> =>
  async (request, { portalId, parameters }) => {
    const dealId = dealIdOf(parameters);
    if (!dealId) return { status: 200, body: EMPTY_CARD };
    const view = { portalId, dealId, rep: repOf(portalId, parameters) };
    const millisecondsLeft = Math.max(0, Math.ceil(request.receivedAt + DEADLINE_MS - performance.now()));
    const card = await readCard(access, view, millisecondsLeft).catch((error: unknown) => {
      access.report('The ledger could not be read for a card', error);
      access.countUnavailable();
      return UNAVAILABLE_CARD;
    });
    return { status: 200, body: card };
  };

async function readCard(
  access: CardAccess,
  { portalId, dealId, rep }: { portalId: PortalId; dealId: DealId; rep: Rep | undefined },
  millisecondsLeft: number,
): Promise<CardResponse> {
  const abortSignal = AbortSignal.timeout(millisecondsLeft);
  const [{ rows }, settings, ticketKey] = await Promise.all([
    access.store.dealTop(portalId, dealId, CARD_ROWS, abortSignal),
    access.settings(portalId, abortSignal),
    within(millisecondsLeft, readTicketKey(access)),
  ]);
  const now = access.now();
  const { publicBaseUrl } = access;
  return cardResponse(
    portalId,
    rows.map(({ row }) => row),
    dateInTimeZone(now, settings.timeZone),
    rep && ticketKey ? actionContext({ rep, dealId, publicBaseUrl, ticketKey, now }, settings) : undefined,
  );
}

/** The key that signs, or undefined where it can't be had: the card then shows invoices all the same. */
const readTicketKey = (access: CardAccess): Promise<string | undefined> =>
  access.ticketKeys.value().then(
    ([newest]) => newest,
    (error: unknown) => {
      access.report('The ticket keys could not be read for a card', error);
      return undefined;
    },
  );

/** A deal by name or by HubSpot's object type id. */
const DEAL_TYPES = new Set(['DEAL', '0-3']);
/** Other records a card may stand on: the standard ones by name, any by its object type id. */
const OTHER_TYPES = /^(?:CONTACT|COMPANY|TICKET|MARKETING_EVENT|\d{1,9}-\d{1,15})$/;

/** The deal being viewed; undefined on a record that is no deal. Throws a Problem on what is neither. */
function dealIdOf(parameters: ReadonlyMap<string, string>): DealId | undefined {
  const type = parameters.get('associatedObjectType') ?? '';
  const id = parameters.get('associatedObjectId') ?? '';
  if (!DEAL_TYPES.has(type)) {
    if (OTHER_TYPES.test(type)) return undefined;
    const expected = 'DEAL, CONTACT, COMPANY, TICKET, MARKETING_EVENT or an object type id such as 0-3';
    throw invalidParameter('associatedObjectType', `is ${JSON.stringify(type.slice(0, 40))}`, expected);
  }
  const dealId = asDealId(id);
  if (!dealId) {
    throw invalidParameter('associatedObjectId', `is ${JSON.stringify(id.slice(0, 40))}`, HUBSPOT_ID_RULE);
  }
  return dealId;
}

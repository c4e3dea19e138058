import { FAILURE_REASONS, type ReasonCode } from '../../functions/hubspot/failure-reasons.ts';
import type { PlainReason } from '../../functions/hubspot/plain-reason.ts';

const AGAIN_LATER = 'Run the tool again later.';
const STATUS_PAGE = `${AGAIN_LATER} If it lasts, look at status.hubspot.com.`;

/** What to do about what the worker would wait for, or whoever runs it would replay. */
const REMEDIES: Partial<Record<ReasonCode, string>> = {
  'hubspot-throttled': AGAIN_LATER,
  'hubspot-daily-limit': "Run the tool again after midnight of the portal's time zone.",
  'hubspot-locked': AGAIN_LATER,
  'hubspot-migration': 'Run the tool again when HubSpot is done.',
  'hubspot-server-error': STATUS_PAGE,
  'hubspot-unavailable': STATUS_PAGE,
  'hubspot-timeout': 'Run the tool again: it looks for what is done before it does anything.',
  'network-broken': 'Run the tool again: it looks for what is done before it does anything.',
  'hubspot-unreadable-answer': 'See whether HUBSPOT_API_URL and HUBSPOT_API_VERSION are right.',
  'network-unreachable':
    'Is HUBSPOT_API_URL right? The simulator has another one at each start, and prints it.',
  'hubspot-token-missing': 'Put it into HUBSPOT_ACCESS_TOKEN: the token, or portal:token pairs.',
  'hubspot-unauthorized': 'Put one that it accepts into HUBSPOT_ACCESS_TOKEN.',
  'hubspot-forbidden':
    "Grant the scopes that are named, or check what the portal's plan allows, then run the tool again.",
  'call-budget-exhausted': AGAIN_LATER,
  'call-budget-unavailable': AGAIN_LATER,
};

const ABOUT_THE_ADDRESS: ReadonlySet<ReasonCode> = new Set([
  'hubspot-timeout',
  'hubspot-unavailable',
  'hubspot-unreadable-answer',
  'network-broken',
  'network-unreachable',
]);

/** Why a call failed, for whoever runs a tool: the sync's words, with what a person must do where the worker would help itself. */
export function callReason({ reason, reasonCode }: PlainReason, apiUrl: string): string {
  const { remedy } = FAILURE_REASONS[reasonCode];
  const told = reason.replace(remedy, REMEDIES[reasonCode] ?? remedy);
  return ABOUT_THE_ADDRESS.has(reasonCode) ? `${apiUrl}: ${told}` : told;
}

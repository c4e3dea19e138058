/** What a failure means and what to do about it: the text of reasons that people read, and of the docs. */
export interface FailureReason {
  /** One plain sentence. */
  meaning: string;
  /** What a person can do; "Nothing" where the sync helps itself. */
  remedy: string;
}

const WAITS = 'Nothing: the sync tries again by itself.';

/**
 * Every reason code of calls to HubSpot. A code names what was seen, so that failures can be counted and replayed together; once
 * published it keeps its meaning.
 */
export const FAILURE_REASONS = {
  'hubspot-throttled': {
    meaning:
      "HubSpot takes no more calls for the moment: the portal's limit for one or ten seconds is reached.",
    remedy: `${WAITS} If it happens often, lower HUBSPOT_CALLS_PER_10S, or look for another app that uses up the limit.`,
  },
  'hubspot-daily-limit': {
    meaning: "HubSpot takes no more calls today: the portal's daily limit is reached.",
    remedy: "The sync goes on after midnight of the portal's time zone. HubSpot sells a higher limit.",
  },
  'hubspot-locked': {
    meaning: 'HubSpot is busy with these records at the moment.',
    remedy: WAITS,
  },
  'hubspot-migration': {
    meaning: 'HubSpot is moving the portal to another data centre, which can take a day.',
    remedy: 'Nothing: the sync goes on when HubSpot is done.',
  },
  'hubspot-server-error': {
    meaning: 'HubSpot failed inside.',
    remedy: `${WAITS} If it lasts, look at status.hubspot.com.`,
  },
  'hubspot-unavailable': {
    meaning: "HubSpot can't be reached behind its own front door.",
    remedy: `${WAITS} If it lasts, look at status.hubspot.com.`,
  },
  'hubspot-timeout': {
    meaning: 'HubSpot gave no answer in time; it may have done what was asked all the same.',
    remedy: 'Nothing: the sync looks before it tries again.',
  },
  'hubspot-unreadable-answer': {
    meaning: 'HubSpot answered with something that is not its documented format.',
    remedy: `${WAITS} If it lasts, see whether a proxy stands between, and whether HUBSPOT_API_VERSION is still served.`,
  },
  'hubspot-row-unanswered': {
    meaning: 'HubSpot answered the batch but said nothing of this record.',
    remedy: 'Nothing: the sync looks before it tries again.',
  },
  'hubspot-row-failed': {
    meaning: 'HubSpot failed on this record alone.',
    remedy: `${WAITS} If it lasts, give HubSpot's support the correlation id.`,
  },
  'network-unreachable': {
    meaning: "HubSpot's address can't be reached from here.",
    remedy: `${WAITS} If it lasts, check HUBSPOT_API_URL, name resolution and the way out of the VPC.`,
  },
  'network-broken': {
    meaning:
      'The connection to HubSpot broke before the answer came; HubSpot may have done what was asked all the same.',
    remedy: 'Nothing: the sync looks before it tries again.',
  },
  'hubspot-token-missing': {
    meaning: 'No usable HubSpot access token is stored for this portal.',
    remedy: "Store the portal's token, then replay what failed.",
  },
  'hubspot-token-unavailable': {
    meaning: "The store of HubSpot's access tokens can't be read at the moment.",
    remedy: `${WAITS} If it lasts, check the function's permission to read the secret.`,
  },
  'hubspot-unauthorized': {
    meaning: 'HubSpot no longer accepts the access token of this portal.',
    remedy: 'Install the app again or store a new token. The sync of the portal stands still until then.',
  },
  'hubspot-forbidden': {
    meaning: 'The app may not do this in this portal.',
    remedy: "Grant the scopes that are named, or check what the portal's plan allows, then replay.",
  },
  'hubspot-unknown-property': {
    meaning: 'The portal has no such property.',
    remedy: 'Create the property in HubSpot (its internal name counts), or leave it out, then replay.',
  },
  'hubspot-read-only-property': {
    meaning: 'HubSpot sets this property itself.',
    remedy: 'Leave the property out.',
  },
  'hubspot-invalid-email': {
    meaning: 'HubSpot does not take this as an e-mail address.',
    remedy: 'Correct the address in the accounting system and send the record again.',
  },
  'hubspot-invalid-option': {
    meaning: "The value is none of the property's options.",
    remedy: 'Add the option in HubSpot (its internal value counts), or send one that exists, then replay.',
  },
  'hubspot-invalid-value': {
    meaning: 'HubSpot does not take this value for this property.',
    remedy: 'Send a value that fits the type of the property.',
  },
  'hubspot-missing-property': {
    meaning: "The portal's own rules want a property that was not sent.",
    remedy: 'Send the property, or relax the rule in HubSpot (Settings → Objects), then replay.',
  },
  'hubspot-too-large': {
    meaning: 'HubSpot finds the record too large.',
    remedy: 'Shorten its longest texts.',
  },
  'hubspot-refused': {
    meaning: 'HubSpot refused the record.',
    remedy: "Correct what HubSpot's words name, then replay.",
  },
  'hubspot-value-taken': {
    meaning: 'Another record in HubSpot already holds a value that must be unique.',
    remedy: 'Merge the two records in HubSpot, or change the value on one of them, then replay.',
  },
  'hubspot-record-gone': {
    meaning: 'The record is not in HubSpot: it was deleted or never existed.',
    remedy: 'Restore it in HubSpot, or set ON_HUBSPOT_DELETION to recreate, then replay.',
  },
  'call-budget-exhausted': {
    meaning: "The portal's own call budget is used up for the moment.",
    remedy: `${WAITS} If it happens often and the plan allows more, raise HUBSPOT_CALLS_PER_10S.`,
  },
  'call-budget-unavailable': {
    meaning: 'The call budget that all functions share could not be read from DynamoDB.',
    remedy: WAITS,
  },
} as const satisfies Record<string, FailureReason>;

export type ReasonCode = keyof typeof FAILURE_REASONS;

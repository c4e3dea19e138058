import { FAILURE_REASONS, type FailureReason } from '../hubspot/failure-reasons.ts';

/** The reasons of the sync's own, beside those of calls to HubSpot. */
const OWN_REASONS = {
  'email-taken': {
    meaning: 'Another customer of the accounting system has this e-mail address.',
    remedy: 'Give one of the two another address; the record is tried again as soon as the address is free.',
  },
  'email-held-by-stranger': {
    meaning: 'A contact in HubSpot that is none of ours has this e-mail address.',
    remedy: 'Merge the two contacts in HubSpot, or change one address, then replay.',
  },
  'record-held-by-another': {
    meaning: 'The record in HubSpot belongs to another record of the accounting system.',
    remedy:
      'See in HubSpot which of the two it is (they may have been merged), correct the other, then replay.',
  },
  'may-already-exist': {
    meaning: 'The record may already exist in HubSpot: it could not be told which one it is.',
    remedy:
      'Find it in HubSpot, write its external id there or remove the surplus ones, then run sync:adopt and replay.',
  },
  'worker-ended': {
    meaning: 'The worker ended three times while it worked on this record.',
    remedy: "Look into the worker's log at that time, then replay.",
  },
  'currency-unavailable': {
    meaning: 'The price is in a currency for which HubSpot has no price property.',
    remedy: 'Enable the currency in HubSpot, or send the price in the currency that PRICE_CURRENCY names.',
  },
  'too-many-properties': {
    meaning:
      'So many different properties were sent for this record, and never confirmed by HubSpot, that no more can be kept in mind.',
    remedy: 'Send it without properties; when HubSpot has taken that, send it with them again.',
  },
  'unexpected-error': {
    meaning: 'Something went wrong on our side with this record alone.',
    remedy: "Look into the worker's log at that time, then replay.",
  },
} as const satisfies Record<string, FailureReason>;

/** Every reason a record can have for being `failed` or `retry`: the text of the docs. */
export const SYNC_REASONS = { ...FAILURE_REASONS, ...OWN_REASONS } as const;

export type SyncReasonCode = keyof typeof SYNC_REASONS;

/** Whether the text is a reason code; a replay names one. */
export const isReasonCode = (text: string): text is SyncReasonCode => Object.hasOwn(SYNC_REASONS, text);

/** Why a record is not where it should be, in words for people, and by a code that can be counted. */
export interface SyncReason {
  reason: string;
  reasonCode: SyncReasonCode;
}

/** A reason of the sync's own, with what is particular about this record. */
export const ownReason = (reasonCode: keyof typeof OWN_REASONS, detail?: string): SyncReason => {
  const { meaning, remedy } = OWN_REASONS[reasonCode];
  return { reasonCode, reason: [detail ?? meaning, remedy].join(' ') };
};

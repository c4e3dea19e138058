import type { DealLineItems } from '../hubspot/deal-line-items.ts';

/** A read that brought no line items, or only a part of them. */
export type MissingLineItems = Exclude<DealLineItems, { kind: 'items' }>;

/**
 * Tells a rep why the lines are not filled in, in one sentence for each class of failure. What the failure's own reason says is for whoever runs
 * the connection, and belongs into the log.
 */
export const lineItemsNotice = (missing: MissingLineItems): string =>
  `The deal’s line items could not be filled in: ${cause(missing)}. Enter the lines by hand.`;

function cause({ kind }: MissingLineItems): string {
  switch (kind) {
    case 'throttled':
    case 'budget-exhausted':
    case 'locked':
      return 'HubSpot is too busy at the moment';
    case 'parked':
      return 'HubSpot is moving this account to another data centre';
    case 'transient':
      return 'HubSpot could not be reached';
    case 'timeout':
      return 'HubSpot did not answer in time';
    case 'unauthorized':
      return 'the connection to HubSpot has to be renewed by whoever looks after it';
    case 'forbidden':
      return 'the connection to HubSpot may not read line items';
    case 'not-found':
      return 'HubSpot does not show this deal to the connection';
    case 'refused':
    case 'conflict':
      return 'HubSpot did not give them';
    case 'too-many':
      return 'the deal has more of them than can be read at once';
    case 'incomplete':
      return 'HubSpot did not give all of them';
  }
}

import { LISTED_STATUSES, type ListedStatus } from '../rep/listed-status.ts';

/** How HubSpot colours a status. */
export type StatusColour = 'DEFAULT' | 'SUCCESS' | 'WARNING' | 'DANGER' | 'INFO';

export interface DisplayProperty {
  name: string;
  label: string;
  dataType: 'DATE' | 'STATUS';
  /** Only for a STATUS: what its values may be. */
  options: { name: string; label: string; type: StatusColour }[];
}

export const STATUS_LABELS: Record<ListedStatus, { label: string; type: StatusColour }> = {
  draft: { label: 'Draft', type: 'DEFAULT' },
  open: { label: 'Open', type: 'INFO' },
  partially_paid: { label: 'Partially paid', type: 'WARNING' },
  overdue: { label: 'Overdue', type: 'DANGER' },
  paid: { label: 'Paid', type: 'SUCCESS' },
  void: { label: 'Void', type: 'DEFAULT' },
};

export interface CardDefinition {
  title: string;
  fetch: { targetUrl: string; objectTypes: { name: string; propertiesToSend: string[] }[] };
  display: { properties: DisplayProperty[] };
  actions: { baseUrls: string[] };
}

/**
 * The card as HubSpot is told of it: the one place for its title, properties, options and URLs. A status is declared, since an inline
 * one is shown as invalid; money is inline, since a declared amount has no place for its currency (legacy CRM cards, "Response").
 */
export const cardDefinition = (publicBaseUrl: string): CardDefinition => ({
  title: 'Invoices',
  fetch: {
    targetUrl: `${publicBaseUrl}/hubspot/card`,
    objectTypes: [{ name: 'deals', propertiesToSend: [] }],
  },
  display: {
    properties: [
      { name: 'created', label: 'Issued', dataType: 'DATE', options: [] },
      {
        name: 'status',
        label: 'Status',
        dataType: 'STATUS',
        options: LISTED_STATUSES.map((name) => ({ name, ...STATUS_LABELS[name] })),
      },
    ],
  },
  actions: { baseUrls: [`${publicBaseUrl}/hubspot/`, `${publicBaseUrl}/pages/`] },
});

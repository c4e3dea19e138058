import type { DealId, InvoiceId, PortalId } from './identifiers.ts';

/** A primary key of the ledger's table. Every partition key begins with the portal, and so does every query. */
export interface LedgerKey {
  pk: string;
  sk: string;
}

/** Below `row#…`, so that a query from the partition's start yields the summary first. */
export const SUMMARY_SORT_KEY = '!summary';
export const INVOICE_SORT_KEY = 'invoice';
export const EVENT_PREFIX = 'event#';
/** The index that finds invoices by their number. */
export const NUMBER_INDEX = 'number-index';

const VERSION_DIGITS = 12;
const SEQUENCE_DIGITS = 15;
/** Feed entries of one partition: few enough for a quick query, many enough that a reader seldom changes partition. */
export const FEED_BUCKET_SIZE = 1000;

const invoicePartition = (portalId: PortalId, invoiceId: InvoiceId): string =>
  `${portalId}#invoice#${invoiceId}`;

export const invoiceKey = (portalId: PortalId, invoiceId: InvoiceId): LedgerKey => ({
  pk: invoicePartition(portalId, invoiceId),
  sk: INVOICE_SORT_KEY,
});

export const eventKey = (portalId: PortalId, invoiceId: InvoiceId, version: number): LedgerKey => ({
  pk: invoicePartition(portalId, invoiceId),
  sk: `${EVENT_PREFIX}${String(version).padStart(VERSION_DIGITS, '0')}`,
});

/** Where the rows of a deal lie; invoices on no deal have a partition of their own, without a summary. */
export const rowPartition = (portalId: PortalId, dealId: DealId | undefined): string =>
  dealId === undefined ? `${portalId}#unlinked` : `${portalId}#deal#${dealId}`;

export const summaryKey = (portalId: PortalId, dealId: DealId): LedgerKey => ({
  pk: rowPartition(portalId, dealId),
  sk: SUMMARY_SORT_KEY,
});

/** The value of the number index's partition key. */
export const numberKey = (portalId: PortalId, number: string): string => `${portalId}#number#${number}`;

/** A command's outcome, by the key that makes its repeats harmless. */
export const outcomeKey = (portalId: PortalId, key: string): LedgerKey => ({
  pk: `${portalId}#command#${key}`,
  sk: 'outcome',
});

/** The last number that an invoice issued in HubSpot took in a year. */
export const numberingKey = (portalId: PortalId, year: string): LedgerKey => ({
  pk: `${portalId}#numbering`,
  sk: year,
});

/** How many have stood in line for a number of a year. An item of its own: a write to the counter itself would stop whoever is there. */
export const numberLineKey = (portalId: PortalId, year: string): LedgerKey => ({
  pk: `${portalId}#numbering`,
  sk: `${year}#line`,
});

export const settingsKey = (portalId: PortalId): LedgerKey => ({
  pk: `${portalId}#settings`,
  sk: 'settings',
});

/** The portal's sequence: the number of its newest feed entry. */
export const sequenceKey = (portalId: PortalId): LedgerKey => ({ pk: `${portalId}#feed`, sk: 'sequence' });

/** Where the feed entry with this number (from 1) lies. */
export const feedEntryKey = (portalId: PortalId, sequence: number): LedgerKey => ({
  pk: `${portalId}#feed#${Math.floor(sequence / FEED_BUCKET_SIZE)}`,
  sk: String(sequence).padStart(SEQUENCE_DIGITS, '0'),
});

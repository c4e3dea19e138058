import type { LedgerStore } from '../invoices/ledger-store.ts';
import type { RepAccess } from '../rep/run-rep-command.ts';
import type { Secret } from '../secret-store.ts';

/** What the operations for HubSpot's servers work with. */
export interface ActionAccess extends RepAccess {
  store: LedgerStore;
  ticketKeys: Secret<readonly [string, ...string[]]>;
  /** Without a slash at the end. */
  publicBaseUrl: string;
}

/** What the pages say about the simulator they run on; each is optional. */
export type DealPageSettings = {
  /** Where the simulator is reached, without a slash at the end. */
  readonly publicBaseUrl?: string;
  /** The accounting system's token, for the commands to try. */
  readonly ledgerToken?: string;
  /** Further origins that an action's frame may show, for instance the hosts of the accounting system's PDFs. */
  readonly frameOrigins?: readonly string[];
  /** Epoch milliseconds. */
  readonly now?: () => number;
};

/** The simulator's documented defaults in place of what was left out. */
export const withDefaults = (settings: DealPageSettings): Required<DealPageSettings> => ({
  publicBaseUrl: settings.publicBaseUrl ?? 'http://127.0.0.1:3000',
  ledgerToken: settings.ledgerToken ?? 'local-ledger-token',
  frameOrigins: settings.frameOrigins ?? [],
  now: settings.now ?? Date.now,
});

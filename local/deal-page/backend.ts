/** A sample deal, as the list and the left column show it. */
export type SampleDeal = {
  /** HubSpot's object id: digits. */
  readonly dealId: string;
  readonly name: string;
  /** Already formatted, with its currency; left out where the deal has none. */
  readonly amount?: string;
  readonly stage: string;
  /** What this deal shows, for instance "two invoices". */
  readonly note: string;
};

/** A property that the card declares; `options` only mean something for STATUS. */
export type DeclaredProperty = {
  readonly name: string;
  readonly label: string;
  readonly dataType: string;
  readonly options: readonly { readonly name: string; readonly label: string; readonly type: string }[];
};

/** The part of the card's definition that a renderer needs. */
export type CardDefinition = {
  readonly title: string;
  readonly displayProperties: readonly DeclaredProperty[];
};

/** What the card's endpoint answered; a body that wasn't JSON comes as it was. */
export type CardAnswer = { readonly status: number; readonly body: unknown; readonly milliseconds: number };

/** What an action hook answered. */
export type ActionAnswer = { readonly status: number; readonly body: unknown };

/** An event as the accounting system got it from the bus. */
export type ReceivedEvent = {
  readonly eventId: string;
  readonly type: string;
  /** ISO 8601 date-time. */
  readonly at: string;
  readonly invoiceId: string;
  readonly actor: unknown;
};

/** Everything that the deal page needs of the simulator around it. */
export interface DealPageBackend {
  deals(): readonly SampleDeal[];
  /** Plays HubSpot's server: signs the data fetch for this deal and answers what the real handler answered. */
  fetchCard(dealId: string): Promise<CardAnswer>;
  /** Plays HubSpot's server for an action hook; refuses a URI outside the card's base URLs. */
  runAction(dealId: string, action: unknown): Promise<ActionAnswer>;
  cardDefinition(): CardDefinition;
  /** The newest events that the accounting system received, newest first. */
  recentEvents(): readonly ReceivedEvent[];
}

/** One option of a STATUS property on a card. */
export interface CardStatusOption {
  readonly name: string;
  readonly label: string;
  readonly type: string;
}

/** A legacy CRM card as an app defines it. */
export interface CardDefinition {
  readonly title: string;
  readonly fetch: {
    readonly targetUrl: string;
    readonly objectTypes: readonly { readonly name: string; readonly propertiesToSend: readonly string[] }[];
  };
  readonly display: {
    readonly properties: readonly {
      readonly name: string;
      readonly label: string;
      readonly dataType: string;
      readonly options: readonly CardStatusOption[];
    }[];
  };
  readonly actions: { readonly baseUrls: readonly string[] };
}

/** A card as it is kept. Times are epoch milliseconds. */
export interface StoredCard {
  readonly id: string;
  readonly appId: string;
  readonly definition: CardDefinition;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly changes: readonly { readonly actionType: 'CREATE' | 'UPDATE'; readonly changedAt: number }[];
}

/** A typed value of a row, as the card sent it. */
export type CardProperty = {
  readonly label: string;
  readonly dataType: string;
  readonly value: string;
  readonly currencyCode?: string;
  readonly linkLabel?: string;
  readonly optionType?: string;
};

/** What a confirmation dialog says. */
export type Confirmation = {
  readonly message: string;
  readonly confirm: string;
  readonly cancel: string;
};

/** An action of the card; `sent` is the action as it came, for HubSpot's server to run. */
export type CardAction =
  | {
      readonly kind: 'frame';
      readonly label: string;
      readonly uri: string;
      /** Pixels. */
      readonly width: number;
      /** Pixels. */
      readonly height: number;
    }
  | {
      readonly kind: 'hook';
      readonly label: string;
      readonly sent: object;
      readonly isDelete: boolean;
      /** Asked before the hook is called; left out where it is called at once. */
      readonly confirmation?: Confirmation;
    };

/** One result of the card. */
export type CardRow = {
  readonly objectId: number;
  readonly title: string;
  readonly link?: string;
  /** Values of declared properties by name. */
  readonly declared: Readonly<Record<string, string>>;
  readonly properties: readonly CardProperty[];
  readonly actions: readonly CardAction[];
};

/** A card that HubSpot can show. */
export type Card = {
  readonly rows: readonly CardRow[];
  readonly settings?: CardAction;
  readonly primary?: CardAction;
  readonly secondary: readonly CardAction[];
};

/** What stands in the card's place. */
export type CardState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'loaded'; readonly card: Card; readonly milliseconds: number };

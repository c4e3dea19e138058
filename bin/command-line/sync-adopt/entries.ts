/** A record in HubSpot that none of ours is linked to, under one value by which it can be told: our key, or a SKU or e-mail address. */
export interface HubSpotEntry {
  value: string;
  hubspotId: string;
  /** Epoch milliseconds, where HubSpot said so. */
  createdAt?: number | undefined;
}

/** A record of ours, under one value by which it can be told. */
export interface OwnEntry {
  value: string;
  externalId: string;
  /** The record in HubSpot that it is linked to already. */
  hubspotId?: string | undefined;
  /** By what it can be told where our key is not in HubSpot: its SKU or e-mail address, normalized. */
  match?: string | undefined;
}

/** What was found about some records. Only a `pair` may be linked. */
export type Finding =
  | { kind: 'pair'; externalId: string; hubspotId: string; createdAt?: number | undefined }
  /** Nobody can say which belongs to which. */
  | { kind: 'ambiguous'; value: string; externalIds: string[]; hubspotIds: string[] }
  /** HubSpot has further records with the external id of one that is linked. */
  | { kind: 'surplus'; externalId: string; linkedTo: string; hubspotIds: string[] }
  /** HubSpot has an external id that we have no record of. */
  | { kind: 'unknown'; externalId: string; hubspotIds: string[] };

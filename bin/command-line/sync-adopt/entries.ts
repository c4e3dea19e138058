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

/** One of our records that a record in HubSpot may be, by a SKU or an e-mail address. */
export interface Candidate {
  /** The record's id in HubSpot: what candidates are held against each other by. */
  value: string;
  externalId: string;
  /** The SKU or e-mail address that both have. */
  by: string;
  /** Nothing but this record in HubSpot and this one of ours has it. */
  alone: boolean;
  /** Epoch milliseconds, where HubSpot said so. */
  createdAt?: number | undefined;
}

/** What was found about some records. Only a `pair` may be linked. */
export type Finding =
  | { kind: 'pair'; externalId: string; hubspotId: string; createdAt?: number | undefined }
  /** Nobody can say which belongs to which. */
  | { kind: 'ambiguous'; value: string; externalIds: string[]; hubspotIds: string[] }
  /** One record in HubSpot answers to several of ours, each by another value. */
  | { kind: 'contested'; hubspotId: string; rivals: { externalId: string; by: string }[] }
  /** HubSpot has further records with the external id of one that is linked. */
  | { kind: 'surplus'; externalId: string; linkedTo: string; hubspotIds: string[] }
  /** HubSpot has an external id that we have no record of. */
  | { kind: 'unknown'; externalId: string; hubspotIds: string[] };

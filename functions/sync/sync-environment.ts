import * as z from 'zod/mini';
import { environmentError } from '../environment-error.ts';
import { isCurrencyCode } from '../invoices/currency.ts';
import type { SyncSettings } from './sync-settings.ts';

const seconds = (fallback: number) =>
  z._default(z.coerce.number().check(z.minimum(0), z.maximum(86_400)), fallback);

/** What the sync's functions are told from outside, beside {@link parseEnvironment}'s and HubSpot's. Only names, addresses and numbers. */
const syncVariables = {
  /** The sync's table. */
  SYNC_TABLE: z.string().check(z.minLength(1)),
  /** The FIFO queue of bells. */
  SYNC_QUEUE_URL: z.string().check(z.minLength(1)),
  /** How many workers there may be at once, as the queue's event source caps them; one portal gets at most half. */
  SYNC_WORKERS: z._default(z.coerce.number().check(z.int(), z.minimum(2), z.maximum(1_000)), 16),
  /** ISO 4217: the currency of HubSpot's `price`. Left out, prices go there whatever their currency. */
  PRICE_CURRENCY: z.optional(
    z.string().check(z.refine((text) => text === '' || isCurrencyCode(text), 'an ISO 4217 code')),
  ),
  /** What to do about a record of ours that is no longer in HubSpot. */
  ON_HUBSPOT_DELETION: z._default(z.enum(['fail', 'recreate']), 'fail'),
  /** What a deletion does to a record that was in HubSpot before us. */
  ON_ADOPTED_DELETION: z._default(z.enum(['unlink', 'archive']), 'unlink'),
  /** After a write of unknown outcome, this long until the record is written once more. */
  SETTLE_S: seconds(120),
  /** How far HubSpot's search may lag behind writes. */
  SEARCH_LAG_S: seconds(60),
  /** The longest wait between two tries. */
  RETRY_CAP_S: seconds(300),
  /** How long a portal whose token HubSpot refuses stands still before it is tried again. */
  STOPPED_S: seconds(300),
};

const syncEnvironmentSchema = z.object(syncVariables);

const workerEnvironmentSchema = z.object({
  ...syncVariables,
  /** The ledger's table, for the portals' settings. */
  LEDGER_TABLE: z.string().check(z.minLength(1)),
  /** The Secrets Manager secret with HubSpot's access token, or with `portal:token` pairs, comma-separated. */
  HUBSPOT_ACCESS_TOKENS_SECRET_ID: z.string().check(z.minLength(1)),
});

export type SyncEnvironment = z.infer<typeof syncEnvironmentSchema>;

/** Parses a function's environment variables; throws an error that names what is missing or wrong and what was expected, never a value. */
export const parseSyncEnvironment = (variables: Variables): SyncEnvironment =>
  parsed(syncEnvironmentSchema, variables);

/** The same for a function that calls HubSpot. */
export const parseWorkerEnvironment = (variables: Variables): z.infer<typeof workerEnvironmentSchema> =>
  parsed(workerEnvironmentSchema, variables);

type Variables = Record<string, string | undefined>;

function parsed<Schema extends z.core.$ZodType>(schema: Schema, variables: Variables): z.infer<Schema> {
  const result = z.safeParse(schema, variables);
  if (result.success) return result.data;
  throw environmentError(result.error);
}

/** The settings of the sync, in milliseconds. */
export const syncSettings = (environment: SyncEnvironment): SyncSettings => ({
  priceCurrency: environment.PRICE_CURRENCY || undefined,
  onHubSpotDeletion: environment.ON_HUBSPOT_DELETION,
  onAdoptedDeletion: environment.ON_ADOPTED_DELETION,
  settleMs: environment.SETTLE_S * 1_000,
  searchLagMs: environment.SEARCH_LAG_S * 1_000,
  retryCapMs: environment.RETRY_CAP_S * 1_000,
  stoppedMs: environment.STOPPED_S * 1_000,
});

/** One portal's share of the workers: half, so that another portal always finds some. */
export const slotsPerPortal = ({ SYNC_WORKERS }: SyncEnvironment): number => Math.floor(SYNC_WORKERS / 2);

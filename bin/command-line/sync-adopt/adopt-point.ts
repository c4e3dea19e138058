import * as z from 'zod/mini';

const count = z.number().check(z.int(), z.nonnegative());
const sizes = z.array(count);

/** What came of the records so far. */
const countsSchema = z.object({
  /** Records read from HubSpot. */
  inHubSpot: count,
  /** Of those, linked before. */
  linkedBefore: count,
  /** Records of ours that were read. */
  ours: count,
  linked: count,
  ambiguous: count,
  surplus: count,
  unknown: count,
  /** Pairs that could not be linked now. */
  notNow: count,
});

/**
 * How far the adoption is: it lists HubSpot, then our records, and then matches the lists part by part: by our property, by SKU or e-mail
 * address, and what that found by HubSpot's record.
 */
export const adoptPointSchema = z.object({
  version: z.literal(2),
  dryRun: z.boolean(),
  phase: z.enum(['hubspot', 'ours', 'by-key', 'by-value', 'by-record', 'done']),
  /** HubSpot's cursor, or the external id to go on after. */
  after: z.optional(z.string()),
  /** The shard of ours, or the part of the lists, that is next. */
  next: count,
  sizes: z.object({
    theirKeys: sizes,
    ourKeys: sizes,
    theirValues: sizes,
    ourValues: sizes,
    candidates: sizes,
  }),
  counts: countsSchema,
});

export type AdoptPoint = z.infer<typeof adoptPointSchema>;
export type AdoptCounts = z.infer<typeof countsSchema>;

export const adoptStart = (dryRun: boolean): AdoptPoint => ({
  version: 2,
  dryRun,
  phase: 'hubspot',
  next: 0,
  sizes: { theirKeys: [], ourKeys: [], theirValues: [], ourValues: [], candidates: [] },
  counts: {
    inHubSpot: 0,
    linkedBefore: 0,
    ours: 0,
    linked: 0,
    ambiguous: 0,
    surplus: 0,
    unknown: 0,
    notNow: 0,
  },
});

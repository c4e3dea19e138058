import { createHash } from 'node:crypto';
import type { DecimalText } from '../../invoices/invoice.ts';

/** Values that go to HubSpot as they are, by internal property name. */
export type VerbatimProperties = Readonly<Record<string, string>>;

export interface ContactContent {
  email?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  company?: string | undefined;
  phone?: string | undefined;
  properties?: VerbatimProperties | undefined;
}

export interface ProductContent {
  name: string;
  sku?: string | undefined;
  price?: DecimalText | undefined;
  /** ISO 4217; there wherever a price is. */
  currency?: string | undefined;
  description?: string | undefined;
  properties?: VerbatimProperties | undefined;
}

/** What the accounting system last told us a record should be, as a whole. */
export type DesiredContent =
  | { kind: 'contact'; content: ContactContent }
  | { kind: 'product'; content: ProductContent }
  | { kind: 'deleted' };

/** E-mail addresses are one where HubSpot takes them for one. */
export const normalizedEmail = (email: string): string => email.trim().toLowerCase();

/** The address a desired contact has, normalized; undefined for everything else. */
export const desiredEmail = (desired: DesiredContent): string | undefined =>
  desired.kind === 'contact' && desired.content.email !== undefined
    ? normalizedEmail(desired.content.email)
    : undefined;

/** One text for each value, whatever the order of an object's fields; fields that are undefined don't count. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** A short fingerprint: equal for equal values, and for others in practice never. */
export const fingerprint = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 27);

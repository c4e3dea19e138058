import { randomBytes } from 'node:crypto';
import type { InvoiceId } from '../invoices/identifiers.ts';

/** Crockford's base 32 in lower case: no i, l, o and u, so that an id can be read out. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const CHARACTERS = 20;

/**
 * A new id of something that begins in HubSpot: `hs-` and 20 characters, 100 bits of chance. `random` gives as many bytes as it is asked for.
 */
export const newId = (random: (bytes: number) => Uint8Array = randomBytes): string =>
  `hs-${Array.from(random(CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;

/** A new invoice's id; see {@link newId}. */
export const newInvoiceId = (random?: (bytes: number) => Uint8Array): InvoiceId => newId(random) as InvoiceId;

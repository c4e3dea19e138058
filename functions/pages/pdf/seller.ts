import * as z from 'zod/mini';
import { emailAddress, line } from '../../input/text.ts';

/** Who sends the invoices, as configuration states it. Lines are printed as they stand. */
export const sellerInput = z.strictObject({
  name: line(100),
  address: z._default(z.array(line(100)).check(z.maxLength(8)), []),
  taxId: z.optional(line(64)),
  email: z.optional(emailAddress()),
  /** Where to pay: account holder, IBAN, BIC and the like. */
  bank: z._default(z.array(line(100)).check(z.maxLength(8)), []),
  /** At the foot of every page: register entry, directors and what else the law asks for. */
  footer: z.optional(line(400)),
});

export type Seller = z.infer<typeof sellerInput>;

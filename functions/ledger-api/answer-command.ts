import type { ApiResponse } from '../http/api-request.ts';
import { entityTag } from '../http/entity-version.ts';
import { notFound, Problem } from '../http/problem.ts';
import type { PortalId } from '../invoices/identifiers.ts';
import type { Invoice } from '../invoices/invoice.ts';
import type { CommandResult } from '../invoices/ledger.ts';
import type { Refusal, RefusalCode } from '../invoices/ledger-command.ts';
import { NUMBER_NEEDED } from '../invoices/read-invoice-input.ts';
import { type LedgerAccess, present } from './ledger-access.ts';

/** Answers what a command came to: the invoice with its version as ETag, nothing for a deletion; throws a Problem for a refusal. */
export async function answerCommand(
  access: LedgerAccess,
  portalId: PortalId,
  result: CommandResult,
): Promise<ApiResponse> {
  switch (result.kind) {
    case 'deleted':
      return { status: 204 };
    case 'repeated':
      throw new Error('The accounting system sends no command keys.');
    case 'refused': {
      const [current, other] = await Promise.all(
        [result.current, result.other].map((invoice) => invoice && present(access, portalId, invoice)),
      );
      throw refusalProblem(result.refusal, current, other);
    }
    case 'created':
      return answerInvoice(access, portalId, result.invoice, 201);
    case 'updated':
    case 'unchanged':
      return answerInvoice(access, portalId, result.invoice, 200);
  }
}

/** The invoice as JSON, with its version as ETag. */
export const answerInvoice = async (
  access: LedgerAccess,
  portalId: PortalId,
  invoice: Invoice,
  status: number,
): Promise<ApiResponse> => ({
  status,
  headers: { etag: entityTag(invoice.version) },
  body: await present(access, portalId, invoice),
});

const STATUS: Record<RefusalCode, number> = {
  'not-found': 404,
  'number-missing': 400,
  stale: 409,
  'status-forbids': 409,
  'payment-conflict': 409,
  'too-many-payments': 409,
  'currency-conflict': 409,
  'payments-on-draft': 409,
  'amount-too-large': 400,
  'invoice-too-large': 413,
  'version-moved': 412,
  'already-exists': 409,
  'external-id-taken': 409,
  'number-conflict': 409,
  'key-reused': 409,
};

const TITLE: Record<RefusalCode, string> = {
  'not-found': 'There is no such invoice.',
  stale: 'The invoice has a newer change.',
  'number-missing': 'The number is missing.',
  'status-forbids': 'The invoice’s status does not allow this.',
  'payment-conflict': 'The payment is already recorded differently.',
  'too-many-payments': 'The invoice has as many payments as it can have.',
  'currency-conflict': 'The currencies differ.',
  'payments-on-draft': 'A draft has no payments.',
  'amount-too-large': 'The amounts are too large.',
  'invoice-too-large': 'The invoice is too large.',
  'version-moved': 'The invoice has changed in between.',
  'already-exists': 'The invoice exists already.',
  'external-id-taken': 'The id belongs to another invoice.',
  'number-conflict': 'The numbers differ.',
  'key-reused': 'The idempotency key was used for another request.',
};

const NUMBER_MISSING = { field: 'number', problem: 'is missing', expected: NUMBER_NEEDED };

/** A refusal as the answer that tells it; 409 and 412 carry the invoice as it is now. */
export function refusalProblem({ code, detail }: Refusal, current: unknown, other?: unknown): Problem {
  if (code === 'not-found') return notFound(detail);
  const status = STATUS[code];
  const carried = status === 409 || status === 412 ? current : undefined;
  const errors = code === 'number-missing' ? [NUMBER_MISSING] : undefined;
  return new Problem({ status, kind: code, title: TITLE[code], detail, errors, current: carried, other });
}

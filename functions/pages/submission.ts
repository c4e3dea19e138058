import type { RepAnswer } from '../rep/rep-answer.ts';
import { type RepRequest, requestKey } from '../rep/rep-request.ts';
import { runRepCommand } from '../rep/run-rep-command.ts';
import { mintFormToken, readFormToken } from './form-token.ts';
import type { PagesAccess, Visitor } from './page-access.ts';

/** What came of submitting a form. */
export type Submission =
  | { kind: 'answered'; answer: RepAnswer }
  /** It was not submitted in time, or it is none of ours: to be looked at and sent again, under a new key. */
  | { kind: 'late' };

/**
 * Runs what a form asks for, under the form's own key. A late form still gets the first answer if its key was used in time: drawing it anew
 * would invite the rep to do twice what was done.
 */
export async function submit(
  access: PagesAccess,
  visitor: Visitor,
  formToken: string,
  requestFor: (idempotencyKey: string) => RepRequest,
): Promise<Submission> {
  const { ticket, keys } = visitor;
  const formKey = await readFormToken(keys, formToken, ticket, access.now());
  if (!formKey) return { kind: 'late' };
  const request = requestFor(formKey.key);
  if (formKey.isLate) {
    const used = requestKey(ticket.rep, request);
    const outcome = used && (await access.store.outcome(ticket.rep.portalId, used.key, access.now()));
    if (!outcome) return { kind: 'late' };
  }
  return { kind: 'answered', answer: await runRepCommand(access, ticket.rep, request) };
}

/** A token with a new command key, for a form that is drawn for the first time. */
export const newFormToken = (access: PagesAccess, { ticket, keys }: Visitor): string =>
  mintFormToken(keys[0], ticket, access.newId(), access.now());

/** A token with the same command key and its time begun anew; with a new one where the old can't be read. */
export async function renewedFormToken(
  access: PagesAccess,
  visitor: Visitor,
  formToken: string,
): Promise<string> {
  const { ticket, keys } = visitor;
  const formKey = await readFormToken(keys, formToken, ticket, access.now());
  return formKey ? mintFormToken(keys[0], ticket, formKey.key, access.now()) : newFormToken(access, visitor);
}

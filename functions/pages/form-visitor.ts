import type { PageOperation } from '../http/html-handler.ts';
import { unauthorized } from '../http/problem.ts';
import type { TicketSubject } from '../rep/ticket.ts';
import { formPost } from './form-post.ts';
import { LONG_AGO, readFormToken } from './form-token.ts';
import { type TicketAccess, type VisitorOperation, visitorAt } from './page-access.ts';

/** How long a form that was opened in time may be worked on after its ticket's end. */
const OVERTIME_MS = 2 * 3_600_000;

/**
 * Lets in whoever submits or renews a form: by its ticket, and for some time after the ticket's end by the form's own token, which may be
 * late: then the form is drawn again. What was typed into a form opened near the end would be lost else. Throws a Problem, 401, for everyone
 * else.
 */
export const forFormVisitor =
  (
    access: TicketAccess,
    pages: readonly TicketSubject['page'][],
    operation: VisitorOperation,
  ): PageOperation =>
  async (request) => {
    const visitor = await visitorAt(LONG_AGO, access, pages, request);
    const { ticket, keys } = visitor;
    const now = access.now();
    if (ticket.expiresAt > now) return operation(request, visitor);
    if (ticket.expiresAt + OVERTIME_MS <= now) throw unauthorized();
    const formToken = formPost(request).get('formToken') ?? '';
    if (!(await readFormToken(keys, formToken, ticket, now))) throw unauthorized();
    return operation(request, visitor);
  };

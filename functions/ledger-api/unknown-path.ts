import type { AccountingCaller } from '../http/bearer-token.ts';
import type { Operation } from '../http/http-handler.ts';
import { invalidParameter, notFound, Problem } from '../http/problem.ts';
import { INVOICE_ID_RULE } from '../invoices/identifiers.ts';
import { type Route, routes } from '../routes.ts';

/** Says what was wrong with a path or method under /v1 that no route takes. */
export const unknownPath: Operation<AccountingCaller> = async (request) => {
  const methods = methodsOf(request.path);
  if (methods.length > 0) {
    throw new Problem({
      status: 405,
      kind: 'method-not-allowed',
      title: 'The method is not allowed here.',
      detail: `${request.path} takes ${methods.join(', ')}.`,
      headers: { allow: methods.join(', ') },
    });
  }
  const rest = /^\/v1\/invoices\/(.*)$/s.exec(request.path)?.[1];
  if (rest)
    throw invalidParameter('invoiceId', `is part of ${JSON.stringify(rest.slice(0, 140))}`, INVOICE_ID_RULE);
  throw notFound(`There is no ${request.path.slice(0, 200)}.`);
};

const methodsOf = (path: string): string[] =>
  routes
    .filter((route: Route) => route.method !== 'ANY' && pattern(route.path).test(path))
    .map((route) => route.method);

const pattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);

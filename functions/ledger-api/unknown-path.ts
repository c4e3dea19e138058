import type { AccountingCaller } from '../http/bearer-token.ts';
import type { Operation } from '../http/http-handler.ts';
import { pathBelow } from '../http/path-below.ts';
import { invalidParameter, notFound, Problem } from '../http/problem.ts';
import { LONGEST_EXTERNAL_ID } from '../input/text.ts';
import { asInvoiceId, INVOICE_ID_RULE } from '../invoices/identifiers.ts';
import { type Route, routes } from '../routes.ts';

/** Says what was wrong with a path or method under /v1 that no route takes. `publicBaseUrl` tells which part of the path is not ours. */
export const unknownPath =
  (publicBaseUrl: string): Operation<AccountingCaller> =>
  async (request) => {
    const path = pathBelow(publicBaseUrl, request.path);
    const methods = methodsOf(path);
    if (methods.length > 0) {
      throw new Problem({
        status: 405,
        kind: 'method-not-allowed',
        title: 'The method is not allowed here.',
        detail: `${path} takes ${methods.join(', ')}.`,
        headers: { allow: methods.join(', ') },
      });
    }
    const rest = path.startsWith(INVOICES) ? path.slice(INVOICES.length) : '';
    const [id = '', word] = rest.split('/');
    if (asInvoiceId(id) && word && /^[a-z-]+$/i.test(word)) {
      throw notFound(
        `There is no ${shown(path)}. Below an invoice there are ${subPaths().join(', ')}; an invoice id has no slash.`,
      );
    }
    if (rest)
      throw invalidParameter(
        'invoiceId',
        `is part of ${JSON.stringify(rest.slice(0, 140))}`,
        INVOICE_ID_RULE,
      );
    const [, records, externalId] = /^(\/v1\/(?:products|contacts))\/(.*\/.*)$/s.exec(path) ?? [];
    if (records !== undefined && externalId !== undefined && externalId.length <= LONGEST_EXTERNAL_ID) {
      throw notFound(
        `There is no ${shown(path)}. An external id with a slash goes into the query: GET ${records}?externalId=${encodeURIComponent(externalId.toWellFormed())}.`,
      );
    }
    throw notFound(`There is no ${shown(path)}.`);
  };

const INVOICES = '/v1/invoices/';

const shown = (path: string): string => path.slice(0, 200);

/** What there is below an invoice. */
const subPaths = (): string[] => {
  const invoice = `${INVOICES}{invoiceId}/`;
  const found = routes.flatMap(({ path }) => (path.startsWith(invoice) ? [path.slice(invoice.length)] : []));
  return [...new Set(found)];
};

const methodsOf = (path: string): string[] =>
  routes
    .filter((route: Route) => route.method !== 'ANY' && pattern(route.path).test(path))
    .map((route) => route.method);

const pattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);

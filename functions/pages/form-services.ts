import type { PageOperation, PageResponse } from '../http/html-handler.ts';
import { formPost } from './form-post.ts';
import { forFormVisitor } from './form-visitor.ts';
import { forVisitor, type PagesAccess } from './page-access.ts';
import { renewedFormToken } from './submission.ts';

const FORM_PAGES = ['new', 'edit', 'payment'] as const;

const json = (body: unknown): PageResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** `POST /pages/form-token`: the same command key with another 15 minutes, for a form that somebody is still writing. */
export const renewFormToken = (access: PagesAccess): PageOperation =>
  forFormVisitor(access, FORM_PAGES, async (request, visitor) =>
    json({ formToken: await renewedFormToken(access, visitor, formPost(request).get('formToken') ?? '') }),
  );

const LONGEST_SEARCH = 200;

/** `GET /pages/products?text=`: synced products for a line, or why there are none. */
export const searchProducts = (access: PagesAccess): PageOperation =>
  forVisitor(access, ['new', 'edit'], async (request, { ticket }) => {
    const text = (request.query.get('text') ?? '').slice(0, LONGEST_SEARCH).trim();
    return json(await access.ports.findProducts(ticket.rep.portalId, text));
  });

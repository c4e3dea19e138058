import type { PageResponse } from '../http/html-handler.ts';
import type { RepAnswer } from '../rep/rep-answer.ts';
import { drawList } from './list-page.ts';
import type { ListReturn } from './list-return.ts';
import { donePage, refusedPage } from './message-pages.ts';
import type { PagesAccess } from './page-access.ts';

/** What follows once a form is answered: the list that it was opened from, with the answer as a notice; without one, the end of the frame. */
export function formEnd(
  access: PagesAccess,
  back: ListReturn | undefined,
  { status, reason, body: { message } }: RepAnswer,
): PageResponse | Promise<PageResponse> {
  const isDone = reason === undefined;
  if (back) {
    const notice = { kind: isDone ? ('success' as const) : ('error' as const), text: message };
    return drawList(access, back.visitor, back.query, { notice }, status);
  }
  const { publicBaseUrl } = access;
  return { status, body: isDone ? donePage(message, publicBaseUrl) : refusedPage(message, publicBaseUrl) };
}

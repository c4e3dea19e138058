import type { Problem } from '../http/problem.ts';
import { type Html, html, NOTHING } from './html.ts';
import { pageShell } from './page-shell.ts';

/** The words for a problem, by its kind where it has its own, else by its status. */
const WORDS: Record<number | string, { title: string; advice: string }> = {
  'invoice-gone': {
    title: 'This invoice is no longer here',
    advice:
      'It was deleted or moved to another deal. Close this, reload the deal and look at its invoice card again.',
  },
  401: {
    title: 'This page can’t be opened any more',
    advice:
      'Close it, reload the deal and open it from the invoice card again. Nothing was changed just now.',
  },
  403: { title: 'You can’t do this', advice: 'Nothing was changed.' },
  404: {
    title: 'There is no such page',
    advice: 'Close this, reload the deal and look at its invoice card again.',
  },
  409: {
    title: 'This can’t be done any more',
    advice: 'Close this, reload the deal and look at its invoice card again.',
  },
  413: {
    title: 'This is too much at once',
    advice: 'Leave out lines or shorten their texts. Nothing was saved.',
  },
  busy: { title: 'The ledger is busy', advice: 'Nothing was changed. Wait a moment, then try again.' },
  unavailable: {
    title: 'The ledger gave no answer',
    advice:
      'What you asked for may or may not have been done. Wait a moment, then load this page again: what was done is not done twice. If it stays, tell whoever looks after this connection the code below.',
  },
};

const UNEXPECTED = {
  title: 'Something went wrong on our side',
  advice: 'Try again in a minute. If it stays, tell whoever looks after this connection the code below.',
};

const closeButton = (action: 'DONE' | 'CANCEL'): Html =>
  html`<p><button class="button" type="button" data-close="${action}" hidden>Close</button></p>`;

/** The page that says what went wrong. A code is shown for what can only be found in the log. */
export function problemPage(problem: Problem, correlationId: string, publicBaseUrl: string): string {
  const { status, kind, detail } = problem.details;
  const { title, advice } = WORDS[kind] ?? WORDS[status] ?? UNEXPECTED;
  const isOurs = status >= 500 && kind !== 'busy';
  return pageShell({
    title,
    publicBaseUrl,
    main: html`<h1>${title}</h1>
${detail !== undefined && status < 500 && status !== 404 ? html`<p>${detail}</p>` : NOTHING}
<p>${advice}</p>
${isOurs ? html`<p class="small quiet">Code: ${correlationId}</p>` : NOTHING}
${closeButton('CANCEL')}`,
  });
}

/** The page that ends a frame: with the script it tells HubSpot to close it, without one it says what happened. */
export const donePage = (message: string, publicBaseUrl: string): string =>
  pageShell({
    title: 'Done',
    publicBaseUrl,
    main: html`<h1 class="visually-hidden">Done</h1>
<p class="notice notice-success" role="status" data-done>${message}</p>
<p class="quiet">You can close this.</p>
${closeButton('DONE')}`,
  });

/** The page that says why something was not done. */
export const refusedPage = (message: string, publicBaseUrl: string): string =>
  pageShell({
    title: 'Nothing was changed',
    publicBaseUrl,
    main: html`<h1>Nothing was changed</h1>
<p class="notice notice-error">${message}</p>
${closeButton('DONE')}`,
  });

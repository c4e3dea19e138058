import { type Html, html } from './html.ts';

/** Leaves a form as it is: back to the list that it was opened from, where there is one; else its script closes the frame. */
export const cancelButton = (listUrl: string | undefined): Html =>
  listUrl === undefined
    ? html`<button class="button" type="button" data-close="CANCEL" hidden>Cancel</button>`
    : html`<a class="button" href="${listUrl}">Cancel</a>`;

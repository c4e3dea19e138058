import { type Html, html, NOTHING } from './html.ts';

/**
 * A page's title. The modal that the card opens a page in shows it already, so that it is there for screen readers only; `isShown` is for a page
 * that another page of the frame has led to.
 */
export const pageTitle = (title: string, isShown = false): Html =>
  html`<h1${isShown ? NOTHING : html` class="visually-hidden"`}>${title}</h1>`;

import { type Html, html } from './html.ts';

const icon = (path: string): Html =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="${path}"/></svg>`;

/** Drawn, since not every font has arrows. */
export const ICONS = {
  up: icon('M12 19V5M6 11l6-6 6 6'),
  down: icon('M12 5v14M6 13l6 6 6-6'),
  remove: icon('M6 6l12 12M18 6L6 18'),
};

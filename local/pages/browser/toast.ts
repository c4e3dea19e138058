import { button, element, find } from './element.ts';
import { icon } from './icon.ts';

/** Milliseconds that a success stays; an error stays until it is dismissed. */
const successStays = 6_000;

/** Takes all toasts away, when something new begins. */
export const clearToasts = (): void => {
  for (const toast of document.querySelectorAll('.toast')) toast.remove();
};

/** Says how an action ended: politely for a success, at once for an error. */
export const showToast = (kind: 'success' | 'error', message: string): void => {
  const place = find(document, `.toasts [role=${kind === 'success' ? 'status' : 'alert'}]`);
  const toast = element(
    'div',
    { class: `toast toast-${kind}` },
    element('p', { dir: 'auto' }, message),
    button({ class: 'icon-button', 'aria-label': 'Dismiss' }, () => toast.remove(), icon('close')),
  );
  place.append(toast);
  if (kind === 'success') setTimeout(() => toast.remove(), successStays);
};

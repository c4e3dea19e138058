import { button, element } from '../../pages/browser/element.ts';
import type { Confirmation } from './card.ts';

/** What a confirmation is about; only a DELETE gets the red button, as in HubSpot's card converter. */
type ConfirmedAction = { readonly label: string; readonly isDelete: boolean };

/** Asks with the action's own texts; resolves with whether the user confirmed. Escape is a no. */
export const askToConfirm = (
  { label, isDelete }: ConfirmedAction,
  { message, confirm, cancel }: Confirmation,
): Promise<boolean> => {
  const dialog = element('dialog', { 'aria-labelledby': 'dialog-title', 'aria-describedby': 'dialog-text' });
  const look = isDelete ? 'button button-danger' : 'button button-primary';
  dialog.append(
    element('h2', { id: 'dialog-title', dir: 'auto' }, label),
    element('p', { id: 'dialog-text', dir: 'auto' }, message),
    element(
      'div',
      { class: 'dialog-buttons' },
      button({ class: look, dir: 'auto' }, () => dialog.close('confirmed'), confirm),
      button({ class: 'button', dir: 'auto', autofocus: '' }, () => dialog.close(), cancel),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'confirmed');
    });
  });
};

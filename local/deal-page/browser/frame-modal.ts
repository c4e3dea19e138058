import { button, element } from '../../pages/browser/element.ts';
import { icon } from '../../pages/browser/icon.ts';

/** What a frame shows; width and height in pixels. */
type FrameRequest = {
  readonly title: string;
  readonly address: string;
  readonly width: number;
  readonly height: number;
};

/** Whether a message asks to close the frame: `{"action": "DONE"}` or `"CANCEL"` as a JSON string. */
export const asksToClose = (message: unknown): boolean => {
  if (typeof message !== 'string') return false;
  try {
    const sent: unknown = JSON.parse(message);
    if (typeof sent !== 'object' || sent === null || !('action' in sent)) return false;
    return sent.action === 'DONE' || sent.action === 'CANCEL';
  } catch {
    return false;
  }
};

/**
 * Shows an action's page in a modal of the size the action asks for, or of the viewport where that is smaller.
 * Resolves when it is closed: by a message from this very frame, by the button, or by Escape.
 */
export const showFrame = ({ title, address, width, height }: FrameRequest): Promise<void> => {
  const frame = element('iframe', { title, src: address });
  frame.style.height = `${height}px`;
  const dialog = element('dialog', { class: 'frame-modal', 'aria-labelledby': 'frame-title' });
  dialog.style.width = `${width}px`;
  dialog.append(
    element(
      'div',
      { class: 'frame-header' },
      element('h2', { id: 'frame-title', dir: 'auto' }, title),
      button({ class: 'icon-button', 'aria-label': 'Close' }, () => dialog.close(), icon('close')),
    ),
    frame,
  );
  const listen = (event: MessageEvent): void => {
    if (event.source === frame.contentWindow && asksToClose(event.data)) dialog.close();
  };
  window.addEventListener('message', listen);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      window.removeEventListener('message', listen);
      dialog.remove();
      resolve();
    });
  });
};

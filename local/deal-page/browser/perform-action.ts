import { showToast } from '../../pages/browser/toast.ts';
import type { ActionAnswer } from '../backend.ts';
import type { CardAction } from './card.ts';
import { askToConfirm } from './confirmation-dialog.ts';
import { showFrame } from './frame-modal.ts';
import { runAction } from './page-api.ts';
import { safeLink } from './safe-link.ts';

const messageIn = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
    ? body.message
    : undefined;

/** The handler's own message, else what HubSpot's card converter says. */
const sayHowItEnded = (label: string, { status, body }: ActionAnswer): void => {
  const succeeded = status >= 200 && status < 300;
  const fallback = succeeded ? `${label} succeeded.` : `Error: Action failed with status ${status}`;
  showToast(succeeded ? 'success' : 'error', messageIn(body) ?? fallback);
};

/**
 * Does what HubSpot does when a rep chooses an action: shows its frame, or asks where it wants to be asked, has the
 * hook called and shows a toast. Resolves with whether anything may have changed. `subject` is what the action is
 * about, for a frame's title.
 */
export const performAction = async (
  dealId: string,
  action: CardAction,
  subject: string | undefined,
): Promise<boolean> => {
  if (action.kind === 'frame') {
    const address = safeLink(action.uri);
    if (address === undefined) {
      showToast('error', `${action.label} has an address that can't be opened.`);
      return false;
    }
    const title = subject === undefined ? action.label : `${subject} - ${action.label}`;
    await showFrame({ title, address, width: action.width, height: action.height });
    return true;
  }
  if (action.confirmation !== undefined && !(await askToConfirm(action, action.confirmation))) return false;
  try {
    sayHowItEnded(action.label, await runAction(dealId, action.sent));
  } catch (error) {
    showToast('error', `${action.label} failed. ${error instanceof Error ? error.message : ''}`);
  }
  return true;
};

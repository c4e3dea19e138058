import { find } from '../../pages/browser/element.ts';
import { clearToasts, showToast } from '../../pages/browser/toast.ts';
import { type ActionPlace, actionAt, lookOf } from './action-place.ts';
import type { CardState } from './card.ts';
import { isMenuOpen } from './menu-button.ts';
import { type FetchedCard, fetchCard } from './page-api.ts';
import { performAction } from './perform-action.ts';
import { readCard } from './read-card.ts';
import { type CardContext, renderCard } from './render-card.ts';

const stateOf = ({ status, body, milliseconds, definition }: FetchedCard): CardState => {
  if (status !== 200) return { kind: 'failed', reason: `The card's address answered with status ${status}.` };
  const reading = readCard(body, definition);
  return reading.kind === 'card'
    ? { kind: 'loaded', card: reading.card, milliseconds }
    : { kind: 'failed', reason: reading.reason };
};

/** What tells whether the card must be drawn anew. */
const lookOfState = (state: CardState): string =>
  state.kind === 'loaded' ? lookOf(state.card) : JSON.stringify(state);

/** The card on the page. */
export type CardPanel = {
  /**
   * Fetches the card again and draws it anew only if it looks different. Resolves with whether it is shown: not
   * while the rep is in the middle of something that this would disturb.
   */
  readonly refreshQuietly: () => Promise<boolean>;
};

/**
 * Runs the card in its place: fetches, shows, performs actions one at a time, and fetches again after each action
 * and after a frame closes.
 */
export const cardPanel = (place: HTMLElement, dealId: string): CardPanel => {
  let state: CardState = { kind: 'loading' };
  let definition: FetchedCard['definition'] = {
    title: find(place, '#card-title').textContent,
    displayProperties: [],
  };
  let look = lookOfState(state);
  let newestRequest = 0;
  let isActing = false;
  const expanded = new Set<number>();

  /** HubSpot promises no guard against a double click, so here is one. */
  const setActing = (acting: boolean): void => {
    isActing = acting;
    for (const button of place.querySelectorAll<HTMLButtonElement>('[data-calls]')) button.disabled = acting;
  };

  const show = (next: CardState): void => {
    const nextLook = lookOfState(next) + JSON.stringify(definition);
    state = next;
    if (nextLook !== look) {
      look = nextLook;
      renderCard(place, state, context);
      setActing(isActing);
    }
    if (state.kind === 'loaded') {
      find(place, '.fetch-time').textContent = `Fetched in ${Math.round(state.milliseconds)} ms`;
    }
  };

  const fetchState = async (): Promise<CardState> => {
    try {
      const fetched = await fetchCard(dealId);
      definition = fetched.definition;
      return stateOf(fetched);
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  };

  /** An answer that arrives late, after a newer request, is dropped, and so is one that may not be shown now. */
  const refresh = async (mayShow = () => true): Promise<boolean> => {
    const request = ++newestRequest;
    place.setAttribute('aria-busy', 'true');
    const next = await fetchState();
    if (request !== newestRequest) return false;
    const shown = mayShow();
    if (shown) show(next);
    place.setAttribute('aria-busy', 'false');
    return shown;
  };

  /** A disabled button loses the focus; unless the rep has moved on, it gets it back, or the card's title does. */
  const returnFocus = (focusKey: string | undefined): void => {
    if (document.activeElement !== document.body) return;
    const trigger = place.querySelector<HTMLElement>(`[data-focus-key="${focusKey}"]`);
    (trigger ?? find(place, '#card-title')).focus();
  };

  const choose = async (at: ActionPlace, subject?: string): Promise<void> => {
    if (isActing || state.kind !== 'loaded') return;
    const action = actionAt(state.card, at);
    if (action === undefined) return;
    const focused = document.activeElement;
    const focusKey = focused instanceof HTMLElement ? focused.dataset.focusKey : undefined;
    setActing(true);
    clearToasts();
    try {
      if (await performAction(dealId, action, subject)) await refresh();
    } finally {
      setActing(false);
      returnFocus(focusKey);
    }
  };

  const context: CardContext = {
    get definition() {
      return definition;
    },
    locale: document.documentElement.lang,
    expanded,
    choose: (at, subject) => void choose(at, subject),
    reload: () => void reload(),
  };

  const reload = async (): Promise<void> => {
    if (isActing) return;
    clearToasts();
    await refresh();
    if (state.kind === 'failed') showToast('error', "The card couldn't be loaded.");
  };

  const isIdle = (): boolean => !isActing && !isMenuOpen();
  return { refreshQuietly: async () => isIdle() && (await refresh(isIdle)) };
};

import { find } from '../../pages/browser/element.ts';
import { cardPanel } from './card-panel.ts';
import { showEvents, showEventsUnreachable } from './events-panel.ts';
import { fetchEvents } from './page-api.ts';

/**
 * HubSpot fetches a card once, when the record is opened. Here the page also asks every `eventInterval` for the
 * newest events, a question without a database behind it, and fetches the card again when there is a new one; and
 * every `longestCardAge` in any case, should the events have lost their way. Milliseconds.
 */
const eventInterval = 700;
const longestCardAge = 10_000;

const dealId = find(document, '#content').dataset.dealId ?? '';
const card = cardPanel(find(document, '#card'), dealId);
const eventsPlace = find(document, '#events');
const locale = document.documentElement.lang;

let shownEvents: string | undefined;
let cardFetchedAt = performance.now();
let isCardStale = true;

const refreshCard = async (): Promise<void> => {
  isCardStale = !(await card.refreshQuietly());
  if (!isCardStale) cardFetchedAt = performance.now();
};

/** Whether the events are others than before; the first look says no, as the card is fetched after it. */
const followEvents = async (): Promise<boolean> => {
  try {
    const events = await fetchEvents();
    const look = JSON.stringify(events);
    if (look === shownEvents) return false;
    const isFirst = shownEvents === undefined;
    shownEvents = look;
    showEvents(eventsPlace, events, locale);
    return !isFirst;
  } catch {
    shownEvents = '';
    showEventsUnreachable(eventsPlace);
    return false;
  }
};

const follow = async (): Promise<void> => {
  if (!document.hidden) {
    isCardStale = (await followEvents()) || isCardStale;
    const isOld = performance.now() - cardFetchedAt > longestCardAge;
    if (isCardStale || isOld) await refreshCard();
  }
  setTimeout(follow, eventInterval);
};

await followEvents();
await refreshCard();
setTimeout(follow, eventInterval);

import { element, find } from '../../pages/browser/element.ts';
import type { ReceivedEvent } from '../backend.ts';

const words = (type: string): string => {
  const [first = '', ...rest] = type.split(/[._]/).join(' ');
  return first.toUpperCase() + rest.join('');
};

/** Who made the change, as far as the event says. */
export const nameOfActor = (actor: unknown): string => {
  if (typeof actor === 'string') return actor;
  if (typeof actor !== 'object' || actor === null) return 'unknown';
  const { email, userId, kind }: { email?: unknown; userId?: unknown; kind?: unknown } = actor;
  const name = [email, userId, kind].find((part) => typeof part === 'string' && part !== '');
  return typeof name === 'string' ? name : 'unknown';
};

const renderEvent = ({ type, at, invoiceId, actor }: ReceivedEvent, locale: string): HTMLElement => {
  const time = new Date(at);
  const shownTime = Number.isNaN(time.getTime())
    ? at
    : new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(time);
  return element(
    'li',
    {},
    element('p', { class: 'strong' }, words(type)),
    element('p', {}, element('bdi', {}, invoiceId), ' by ', element('bdi', {}, nameOfActor(actor))),
    element('p', { class: 'hint' }, element('time', { datetime: at }, shownTime)),
  );
};

/** Shows the events, newest first. */
export const showEvents = (place: HTMLElement, events: readonly ReceivedEvent[], locale: string): void => {
  find(place, '[data-events-note]').textContent =
    events.length === 0 ? 'Waiting for the first event.' : `The newest ${events.length}, newest first.`;
  find(place, 'ol').replaceChildren(...events.map((event) => renderEvent(event, locale)));
};

/** Says that the simulator is away, for instance while it is restarted. */
export const showEventsUnreachable = (place: HTMLElement): void => {
  find(place, '[data-events-note]').textContent = "The simulator doesn't answer. Trying again.";
};

import type { ActionAnswer, CardAnswer, CardDefinition, ReceivedEvent } from '../backend.ts';

/** The card's answer, and the definition to read it with. */
export type FetchedCard = CardAnswer & { readonly definition: CardDefinition };

/** With the browser's cache switched off: it would make a question wait for an unanswered one of the same address. */
const call = async <Answer>(path: string, request?: RequestInit): Promise<Answer> => {
  const response = await fetch(path, { cache: 'no-store', ...request }).catch(() => undefined);
  if (response === undefined) throw new Error("The simulator doesn't answer.");
  if (!response.ok) throw new Error(`The simulator answered with status ${response.status}.`);
  return await response.json();
};

/** @throws Error if the simulator itself can't answer */
export const fetchCard = (dealId: string): Promise<FetchedCard> => call(`/_page/deals/${dealId}/card`);

/** Has HubSpot's server call the action's hook. @throws Error if the simulator itself can't answer */
export const runAction = (dealId: string, action: object): Promise<ActionAnswer> =>
  call(`/_page/deals/${dealId}/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action }),
  });

/** The newest events that the accounting system received. @throws Error if the simulator itself can't answer */
export const fetchEvents = async (): Promise<readonly ReceivedEvent[]> =>
  (await call<{ readonly events: readonly ReceivedEvent[] }>('/_page/events')).events;

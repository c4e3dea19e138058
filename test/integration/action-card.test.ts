import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CardAction } from '../../functions/card/card-action.ts';
import type { CardResponse } from '../../functions/card/card-response.ts';
import { type CardAccess, fetchCard } from '../../functions/card/fetch-card.ts';
import type { ApiRequest } from '../../functions/http/api-request.ts';
import { ActionWorld, DEAL, PUBLIC_BASE_URL, TICKET_KEY } from './action-world.ts';

let world: ActionWorld;
beforeAll(async () => {
  world = await ActionWorld.start();
});
afterAll(() => world.stop());

async function card(dealId: string = DEAL, overrides: Partial<CardAccess> = {}): Promise<CardResponse> {
  const parameters = new Map([
    ['userId', '77'],
    ['userEmail', 'rep@example.com'],
    ['associatedObjectId', dealId],
    ['associatedObjectType', 'DEAL'],
  ]);
  const operation = fetchCard({
    store: world.store,
    settings: async () => world.settings,
    ticketKeys: { value: async () => [TICKET_KEY] as const, fresh: async () => undefined },
    publicBaseUrl: PUBLIC_BASE_URL,
    now: () => world.now,
    report: () => {},
    countUnavailable: () => {},
    ...overrides,
  });
  const { body } = await operation({ receivedAt: performance.now() } as ApiRequest, {
    portalId: world.portalId,
    parameters,
    fields: {},
  });
  return body as CardResponse;
}

/** The action with this label, of the card's row with this title. */
async function actionOf(title: string, label: string): Promise<CardAction> {
  const { results } = await card();
  const action = results.find((row) => row.title === title)?.actions?.find((one) => one.label === label);
  if (!action) throw new Error(`The card offers no ${label} for ${title}.`);
  return action;
}

/** As HubSpot would, with the deal on view in its parameters. */
function perform(action: CardAction) {
  if (action.type === 'IFRAME') throw new Error(`${action.label} is opened, not called.`);
  return world.call({
    method: action.httpMethod,
    target: action.uri.slice(PUBLIC_BASE_URL.length),
    user: { associatedObjectId: DEAL },
  });
}

describe('What a card offers', () => {
  test('is done when HubSpot calls it, and the next card offers what follows', async () => {
    await world.put('STEP', { status: 'draft' });
    expect(await perform(await actionOf('STEP', 'Issue'))).toMatchObject({ status: 200 });
    await expect(actionOf('STEP', 'Issue')).rejects.toThrow('offers no Issue');
    expect(await perform(await actionOf('STEP', 'Void STEP'))).toMatchObject({ status: 200 });
    await world.put('GONE', { status: 'draft' });
    expect(await perform(await actionOf('GONE', 'Delete GONE'))).toMatchObject({ status: 200 });
    expect((await card()).results.map(({ title }) => title)).toEqual(['STEP']);
  });

  test('on a card that stayed open is refused once the invoice has moved on', async () => {
    await world.put('STALE');
    const shown = await actionOf('STALE', 'Void STALE');
    await world.put('STALE', { dueDate: '2026-12-31' });
    expect(await perform(shown)).toMatchObject({ status: 409, body: { invoice: { version: 2 } } });
  });
});

describe('A card with all its actions', () => {
  test('is one query', async () => {
    const before = { ...world.requests };
    await card();
    const made = Object.entries(world.requests).filter(([name, count]) => count !== (before[name] ?? 0));
    expect(made.map(([name, count]) => [name, count - (before[name] ?? 0)])).toEqual([['Query', 1]]);
  });

  test('of a deal without invoices offers to create one', async () => {
    expect(await card('888')).toMatchObject({
      results: [],
      primaryAction: { label: 'Create invoice' },
      secondaryActions: [{ label: 'All invoices' }],
      settingsAction: { label: 'Connection health' },
    });
  });

  test('shows its invoices without actions while the ticket keys can’t be read, and reports it', async () => {
    const reports: string[] = [];
    const shown = await card(DEAL, {
      ticketKeys: { value: () => Promise.reject(new Error('out')), fresh: async () => undefined },
      report: (message) => reports.push(message),
    });
    expect(shown.results.length).toBeGreaterThan(0);
    expect(Object.keys(shown)).toEqual(['results']);
    expect(reports).toEqual(['The ticket keys could not be read for a card']);
  });
});

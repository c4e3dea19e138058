import { type ApiCall, byMethod } from './api-call.ts';
import { cardDefinitionOf } from './card-body.ts';
import type { StoredCard } from './card-definition.ts';
import { emptyResponse, type HubSpotResponse, jsonResponse } from './http-message.ts';
import { HubSpotError, notFound, validationError } from './hubspot-error.ts';
import { jsonBody } from './json-shape.ts';

const MOST_CARDS = 25;

/** The CRM Cards API of one app; dated paths demand `cardType`, v3 takes it or leaves it. @throws HubSpotError */
export function cardsApi(
  call: ApiCall,
  appId: string,
  rest: readonly string[],
  version: 'v3' | '2026-03',
): HubSpotResponse {
  if (!/^\d{1,10}$/.test(appId)) throw validationError(`Invalid app id ${appId}`);
  const [cardId] = rest;
  if (rest.length > 1) throw notFound('resource not found');
  if (cardId === undefined) {
    return byMethod(call, {
      GET: () => jsonResponse(200, { results: cardsOf(call, appId).map(cardView) }),
      POST: () => create(call, appId, version),
    });
  }
  return byMethod(call, {
    GET: () => jsonResponse(200, cardView(cardOf(call, appId, cardId))),
    PATCH: () => change(call, cardOf(call, appId, cardId), version),
    DELETE: () => {
      call.portal.apply({ kind: 'card-removed', cardId: cardOf(call, appId, cardId).id });
      return emptyResponse();
    },
  });
}

function cardsOf(call: ApiCall, appId: string): StoredCard[] {
  return [...call.portal.data.cards.values()].filter((card) => card.appId === appId);
}

function cardOf(call: ApiCall, appId: string, cardId: string): StoredCard {
  const card = call.portal.data.cards.get(cardId);
  if (card === undefined || card.appId !== appId)
    throw notFound(`Card ${cardId} of app ${appId} does not exist`);
  return card;
}

function create(call: ApiCall, appId: string, version: 'v3' | '2026-03'): HubSpotResponse {
  if (call.portal.settings.legacyCards === 'withdrawn') {
    throw new HubSpotError(
      403,
      'BANNED',
      'Legacy CRM cards are no longer supported and new ones cannot be created.',
      {
        links: {
          'migration guide': 'https://developers.hubspot.com/docs/apps/legacy-apps/extensions/crm-cards',
        },
      },
    );
  }
  const definition = cardDefinitionOf(jsonBody(call.request), call.portal, version);
  if (cardsOf(call, appId).length >= MOST_CARDS)
    throw validationError(`An app has at most ${MOST_CARDS} cards`);
  const now = call.portal.now();
  const card: StoredCard = {
    id: call.portal.data.nextId(),
    appId,
    definition,
    createdAt: now,
    updatedAt: now,
    changes: [{ actionType: 'CREATE', changedAt: now }],
  };
  call.portal.apply({ kind: 'card', card });
  return jsonResponse(201, cardView(card));
}

function change(call: ApiCall, card: StoredCard, version: 'v3' | '2026-03'): HubSpotResponse {
  const definition = cardDefinitionOf(jsonBody(call.request), call.portal, version, card.definition);
  const now = call.portal.now();
  const changed: StoredCard = {
    ...card,
    definition,
    updatedAt: now,
    changes: [...card.changes, { actionType: 'UPDATE', changedAt: now }],
  };
  call.portal.apply({ kind: 'card', card: changed });
  return jsonResponse(200, cardView(changed));
}

function cardView(card: StoredCard): unknown {
  return {
    id: card.id,
    ...card.definition,
    createdAt: new Date(card.createdAt).toISOString(),
    updatedAt: new Date(card.updatedAt).toISOString(),
    auditHistory: card.changes.map((entry) => ({
      ...entry,
      applicationId: Number(card.appId),
      objectTypeId: 0,
      authSource: 'EXTERNAL',
      initiatingUserId: 0,
    })),
  };
}

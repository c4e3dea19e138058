import * as z from 'zod/mini';
import type { CardDefinition } from '../../functions/card/card-definition.ts';
import type { CardToolSettings } from './settings.ts';

/** A card as HubSpot has it: the parts that a definition has too, and its id. What else HubSpot tells is left out. */
const cardSchema = z.object({
  id: z.coerce.string(),
  title: z.string(),
  fetch: z.object({
    targetUrl: z.string(),
    objectTypes: z.array(
      z.object({ name: z.string(), propertiesToSend: z._default(z.array(z.string()), []) }),
    ),
  }),
  display: z.object({
    properties: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        dataType: z.string(),
        options: z._default(z.array(z.object({ name: z.string(), label: z.string(), type: z.string() })), []),
      }),
    ),
  }),
  actions: z.object({ baseUrls: z._default(z.array(z.string()), []) }),
});
const cardListSchema = z.object({ results: z.array(cardSchema) });

export type StoredCard = z.infer<typeof cardSchema>;

/** HubSpot answered otherwise than with what was asked for. */
export class HubSpotRefusal extends Error {
  override name = 'HubSpotRefusal';
  readonly asked: 'list' | 'create' | 'update' | 'delete';
  readonly status: number;
  readonly category: string;
  readonly correlationId: string | undefined;

  constructor(
    asked: HubSpotRefusal['asked'],
    answer: { status: number; message: string; category?: string; correlationId?: string | undefined },
  ) {
    super(answer.message);
    this.asked = asked;
    this.status = answer.status;
    this.category = answer.category ?? '';
    this.correlationId = answer.correlationId;
  }
}

const errorSchema = z.object({
  message: z._default(z.string(), ''),
  category: z._default(z.string(), ''),
  correlationId: z.optional(z.string()),
});

/** The cards of one app, in HubSpot's CRM Cards API. Every method throws a {@link HubSpotRefusal}, or what `fetch` throws. */
export interface CardsApi {
  list(): Promise<StoredCard[]>;
  create(definition: CardDefinition): Promise<StoredCard>;
  update(cardId: string, definition: CardDefinition): Promise<StoredCard>;
  delete(cardId: string): Promise<void>;
}

const TIMEOUT_MS = 20_000;

/** Speaks to the Cards API, in its numbered or its dated edition. */
export function cardsApi(settings: CardToolSettings, fetcher: typeof fetch = fetch): CardsApi {
  const { apiUrl, apiVersion, appId, credentials } = settings;
  // In dated paths the version stands behind the resource.
  const path =
    apiVersion === 'v3'
      ? `/crm/v3/extensions/cards-dev/${appId}`
      : `/crm/extensions/cards-dev/2026-03/${appId}`;
  const query = credentials.kind === 'developer-key' ? `?hapikey=${encodeURIComponent(credentials.key)}` : '';

  async function ask(asked: HubSpotRefusal['asked'], method: string, rest: string, body?: unknown) {
    const response = await fetcher(`${apiUrl}${path}${rest}${query}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(credentials.kind === 'bearer' ? { authorization: `Bearer ${credentials.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw refusal(asked, response.status, text);
    return text;
  }

  return {
    list: async () => read('list', cardListSchema, await ask('list', 'GET', '')).results,
    create: async (definition) =>
      read('create', cardSchema, await ask('create', 'POST', '', bodyOf(definition, settings))),
    update: async (cardId, definition) =>
      read(
        'update',
        cardSchema,
        await ask('update', 'PATCH', `/${encodeURIComponent(cardId)}`, bodyOf(definition, settings)),
      ),
    delete: async (cardId) => {
      await ask('delete', 'DELETE', `/${encodeURIComponent(cardId)}`);
    },
  };
}

/** What is sent. The dated edition still requires a card type that the numbered one has no use for. */
export const bodyOf = (definition: CardDefinition, { apiVersion }: Pick<CardToolSettings, 'apiVersion'>) =>
  apiVersion === 'v3' ? definition : { ...definition, fetch: { ...definition.fetch, cardType: 'EXTERNAL' } };

function read<T>(asked: HubSpotRefusal['asked'], schema: z.ZodMiniType<T>, text: string): T {
  const parsed = schema.safeParse(asJson(text));
  if (parsed.success) return parsed.data;
  throw new HubSpotRefusal(asked, { status: 200, message: 'an answer that is not as its API describes it' });
}

function refusal(asked: HubSpotRefusal['asked'], status: number, text: string): HubSpotRefusal {
  const parsed = errorSchema.safeParse(asJson(text));
  return new HubSpotRefusal(asked, parsed.success ? { status, ...parsed.data } : { status, message: '' });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

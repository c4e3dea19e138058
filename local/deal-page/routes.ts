import { loadAssets } from '../pages/assets.ts';
import { htmlAnswer, jsonAnswer, type PageAnswer } from '../pages/page-answer.ts';
import type { DealPageBackend } from './backend.ts';
import { dealListPage } from './deal-list-page.ts';
import { noSuchRecordPage, recordPage } from './record-page.ts';
import { type DealPageSettings, withDefaults } from './settings.ts';

/** A request, as far as the page cares; `path` has no query. */
export type PageRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
};

/** Answers a request for the deal page; `undefined`: the path is somebody else's. */
export type DealPageRoutes = (request: PageRequest) => Promise<PageAnswer | undefined>;

const newestEvents = 20;

/** The `action` of a body `{action: {…}}`; undefined if the body is anything else. */
const actionIn = (body: string): object | undefined => {
  try {
    const sent: unknown = JSON.parse(body);
    if (typeof sent !== 'object' || sent === null || !('action' in sent)) return undefined;
    return typeof sent.action === 'object' && sent.action !== null ? sent.action : undefined;
  } catch {
    return undefined;
  }
};

/** The calls that the page in the browser makes: the card, an action, the events. */
const answerCall = async (
  backend: DealPageBackend,
  { method, path, body }: PageRequest,
): Promise<PageAnswer | undefined> => {
  if (path === '/_page/events' && method === 'GET') {
    return jsonAnswer({ events: backend.recentEvents().slice(0, newestEvents) });
  }
  const [, dealId, call] = /^\/_page\/deals\/(\d{1,20})\/(card|actions)$/.exec(path) ?? [];
  if (dealId === undefined) return undefined;
  if (call === 'card' && method === 'GET') {
    return jsonAnswer({ ...(await backend.fetchCard(dealId)), definition: backend.cardDefinition() });
  }
  if (call !== 'actions' || method !== 'POST') return undefined;
  const action = actionIn(body);
  return action === undefined
    ? jsonAnswer({ message: 'The body must be {"action": {…}}.' }, 400)
    : jsonAnswer(await backend.runAction(dealId, action));
};

/**
 * The deal page in the browser, which plays HubSpot around the invoice card: `/` lists the sample deals,
 * `/deals/{dealId}` is a record with the card in its side column, and `/_page/…` serves both.
 *
 * @throws whatever the backend throws; the page shows a 5xx answer as a card that couldn't be loaded
 */
export const dealPageRoutes = (backend: DealPageBackend, settings: DealPageSettings = {}): DealPageRoutes => {
  const { publicBaseUrl, ledgerToken, frameOrigins, now } = withDefaults(settings);
  const mayBeFramed = [new URL(publicBaseUrl).origin, ...frameOrigins];
  let assets: ReturnType<typeof loadAssets> | undefined;

  const answerPage = (path: string): PageAnswer | undefined => {
    if (path === '/') {
      return htmlAnswer(dealListPage(backend.deals(), { publicBaseUrl, ledgerToken, now: now() }));
    }
    if (!path.startsWith('/deals/')) return undefined;
    const dealId = /^\/deals\/(\d{1,20})$/.exec(path)?.[1];
    if (dealId === undefined) return htmlAnswer(noSuchRecordPage(), [], 404);
    const deal = backend.deals().find((candidate) => candidate.dealId === dealId);
    return htmlAnswer(recordPage(dealId, deal, backend.cardDefinition().title), mayBeFramed);
  };

  return async (request) => {
    const call = await answerCall(backend, request);
    if (call !== undefined) return call;
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const page = answerPage(request.path);
    if (page !== undefined || !request.path.startsWith('/_page/')) return page;
    assets ??= loadAssets('pages', 'deal-page');
    return (await assets).get(request.path);
  };
};

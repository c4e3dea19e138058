import * as z from 'zod/mini';
import { loadAssets } from '../pages/assets.ts';
import { htmlAnswer, jsonAnswer, type PageAnswer } from '../pages/page-answer.ts';
import type { Said, SyncPageBackend } from './backend.ts';
import { isFromOwnPage } from './same-origin.ts';
import { syncPage } from './sync-page.ts';

/** A request, as far as the page cares; `path` has no query, headers are by lower-case name. */
export type SyncPageRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

/** What the page says, and whom it listens to. */
export type SyncPageSettings = {
  readonly portalId: string;
  /** The command that gives this HubSpot the properties of ours. */
  readonly setUpCommand: string;
  /** Only pages of these origins may send anything. */
  readonly ownOrigins: readonly string[];
};

const recordType = z.enum(['products', 'contacts']);
const samplesBody = z.strictObject({ type: recordType });
const replayBody = z.union([
  z.strictObject({ type: recordType, externalIds: z.array(z.string()) }),
  z.strictObject({ all: z.literal(true) }),
]);
const faultBody = z.strictObject({ fault: z.string() });

type Act = (backend: SyncPageBackend, body: unknown) => Promise<Said> | Said | undefined;

const readAs =
  <Schema extends z.core.$ZodType>(
    schema: Schema,
    act: (backend: SyncPageBackend, sent: z.infer<Schema>) => Promise<Said> | Said,
  ): Act =>
  (backend, body) => {
    const sent = z.safeParse(schema, body);
    return sent.success ? act(backend, sent.data) : undefined;
  };

/** What the page's buttons send; `undefined` where the body is not what it should be. */
const acts: Readonly<Record<string, Act>> = {
  '/_page/sync/samples': readAs(samplesBody, (backend, { type }) => backend.sendSamples(type)),
  '/_page/sync/replay': readAs(replayBody, (backend, replay) => backend.replay(replay)),
  '/_page/sync/faults': readAs(faultBody, (backend, { fault }) => backend.injectFault(fault)),
  '/_page/sync/faults/clear': (backend) => backend.clearFaults(),
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The page that shows the sync, at `/sync`, and what it asks for under `/_page/sync/`; `undefined`: the path is somebody else's.
 *
 * @throws whatever the backend throws; the page shows a 5xx answer as a simulator that can't answer
 */
export const syncPageRoutes = (
  backend: SyncPageBackend,
  { portalId, setUpCommand, ownOrigins }: SyncPageSettings,
) => {
  let assets: ReturnType<typeof loadAssets> | undefined;

  const answerPost = async ({ path, headers, body }: SyncPageRequest): Promise<PageAnswer | undefined> => {
    const act = acts[path];
    if (act === undefined) return undefined;
    if (!isFromOwnPage(headers, ownOrigins)) {
      const message = `Only a page of the simulator itself may ask for this: open ${ownOrigins[0]}/sync.`;
      return jsonAnswer({ message }, 403);
    }
    const said = await act(backend, jsonIn(body));
    if (said === undefined) return jsonAnswer({ message: 'The body is not what the page sends.' }, 400);
    return jsonAnswer({ message: said.message }, said.kind === 'done' ? 200 : 409);
  };

  return async (request: SyncPageRequest): Promise<PageAnswer | undefined> => {
    const { method, path } = request;
    if (method === 'POST') return answerPost(request);
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    if (path === '/sync') return htmlAnswer(syncPage({ portalId, setUpCommand }));
    if (path === '/_page/sync/state') return jsonAnswer(await backend.state());
    if (!path.startsWith('/_page/')) return undefined;
    assets ??= loadAssets('pages', 'sync-page');
    return (await assets).get(path);
  };
};

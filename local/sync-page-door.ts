import type { Gateway } from './gateway/gateway.ts';
import type { Door } from './gateway/http-server.ts';
import type { HubSpotImitation } from './hubspot/imitation.ts';
import { LOCAL_ACCESS_TOKEN, type SimulatorSettings } from './settings.ts';
import type { HubSpotView, Said, SyncPageBackend } from './sync-page/backend.ts';
import { hubSpotViewer } from './sync-page/hubspot-view.ts';
import { syncPageRoutes } from './sync-page/routes.ts';
import { originsOf } from './sync-page/same-origin.ts';
import { SAMPLE_FAULTS } from './sync-page/sample-faults.ts';
import { sampleContacts, sampleProducts } from './sync-page/sample-records.ts';
import { syncApi } from './sync-page/sync-api.ts';

interface SyncPageSurroundings {
  url: string;
  publicBaseUrl: string;
  api: Gateway;
  hubspotUrl: string;
  /** Undefined where the settings name another HubSpot. */
  imitation: HubSpotImitation | undefined;
}

/** The page that shows the sync of the first portal: through the real API, and beside it what the imitation of HubSpot has. */
export function syncPageDoor(
  settings: SimulatorSettings,
  { url, publicBaseUrl, api, hubspotUrl, imitation }: SyncPageSurroundings,
): Door {
  const [{ portalId, token }] = settings.ledgerTokens;
  const sync = syncApi(api, token);
  const viewHubSpot = imitation
    ? hubSpotViewer(imitation, portalId)
    : (): HubSpotView => ({ kind: 'elsewhere', url: hubspotUrl });
  const backend: SyncPageBackend = {
    state: async () => ({ standing: await sync.standing(), hubspot: viewHubSpot() }),
    sendSamples: (type) =>
      sync.send(type, type === 'products' ? sampleProducts(Date.now()) : sampleContacts(Date.now())),
    replay: sync.replay,
    ...faultInjection(imitation, portalId),
  };
  const routes = syncPageRoutes(backend, {
    portalId,
    setUpCommand: `HUBSPOT_API_URL=${hubspotUrl} HUBSPOT_ACCESS_TOKEN=${shownToken(settings)} npm run hubspot:setup`,
    ownOrigins: originsOf(url, publicBaseUrl),
  });
  return async ({ method, target, headers, body }) => {
    const path = target.replace(/\?.*$/s, '');
    const answer = await routes({ method, path, headers, body: body.toString('utf8') });
    return (
      answer && { status: answer.status, headers: { ...answer.headers }, body: Buffer.from(answer.body) }
    );
  };
}

/** The simulator's own token is no secret; another may be. */
const shownToken = ({ hubspotAccessToken }: SimulatorSettings): string =>
  hubspotAccessToken === LOCAL_ACCESS_TOKEN ? hubspotAccessToken : '…';

function faultInjection(
  imitation: HubSpotImitation | undefined,
  portalId: string,
): Pick<SyncPageBackend, 'injectFault' | 'clearFaults'> {
  if (!imitation) {
    const refused: Said = {
      kind: 'refused',
      message: 'This is not the imitation of HubSpot: it takes no faults.',
    };
    return { injectFault: () => refused, clearFaults: () => refused };
  }
  return {
    injectFault: (name) => {
      const fault = Object.hasOwn(SAMPLE_FAULTS, name) ? SAMPLE_FAULTS[name] : undefined;
      if (!fault) return { kind: 'refused', message: 'There is no such fault.' };
      imitation.faults.add({ ...fault.rule, portalId });
      return { kind: 'done', message: `Laid on HubSpot. ${fault.label}.` };
    },
    clearFaults: () => {
      imitation.faults.clear();
      return { kind: 'done', message: 'HubSpot is well again.' };
    },
  };
}

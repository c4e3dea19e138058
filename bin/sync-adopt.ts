/** `npm run sync:adopt -- products --portal ID`: links records to what HubSpot already has of them. */
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { tokenOf } from '../functions/hubspot/access-tokens.ts';
import { createCallBudget } from '../functions/hubspot/call-budget.ts';
import type { HubSpotApi, ObjectType } from '../functions/hubspot/hubspot-api.ts';
import { type GatewaySettings, hubSpotGateway } from '../functions/hubspot/hubspot-gateway.ts';
import type { PortalId } from '../functions/invoices/identifiers.ts';
import { ControlStore } from '../functions/sync/records/control-store.ts';
import { RecordStore } from '../functions/sync/records/record-store.ts';
import { NAMES } from '../local/function-environment.ts';
import { noWords, requiredPortal, userPath } from './command-line/argument-values.ts';
import { callReason } from './command-line/call-reason.ts';
import {
  type HubSpotConnection,
  hubSpotConnection,
  hubSpotConnectionIfAny,
} from './command-line/hubspot-connection.ts';
import { progressBar } from './command-line/progress-bar.ts';
import { resumeFile } from './command-line/resume-file.ts';
import { runTool, ToolFailure, UsageError } from './command-line/run-tool.ts';
import {
  isLoopback,
  serviceEndpoint,
  TABLE_OPTIONS,
  type TableAccess,
  tableAccess,
} from './command-line/service-access.ts';
import { stopOnSignal } from './command-line/stop-on-signal.ts';
import { adopt } from './command-line/sync-adopt/adopt.ts';
import { adoptPointSchema, adoptStart } from './command-line/sync-adopt/adopt-point.ts';
import { adoptSummary, remarkLine, VALUE_NAME } from './command-line/sync-adopt/adopt-report.ts';
import { checkPortal } from './command-line/sync-adopt/check-portal.ts';
import { typeArgument } from './command-line/sync-type.ts';

const HELP = `
Links contacts or products to those that HubSpot already has, so that the sync updates them and
makes none twice: by the property of ours that holds the external id, else by SKU (products) or
e-mail address (contacts). What could be several is listed, and never guessed.

  npm run sync:adopt -- --portal ID --hold
      Holds the sync of the portal for 30 days: records are taken in and wait. Send all of them now.
  npm run sync:adopt -- products|contacts --portal ID [--dry-run]
      Links them. --dry-run only says what would be linked.
  npm run sync:adopt -- --portal ID --release
      Ends the hold: what is linked is updated in HubSpot, everything else is created there.

  --work DIR         Where lists are kept while it runs; an interrupted call goes on from there.
                     Default: sync-adopt-<portal>-<type> in the current folder.
  --from-start       Begin anew, although an earlier call was interrupted.
  --table NAME       The sync's table (SyncTableName among the data stack's outputs).
                     Default: SYNC_TABLE; with a local endpoint ${NAMES.syncTable}.
  --endpoint URL     DynamoDB somewhere else than on AWS, such as the one that the running
                     simulator prints. Default: AWS_ENDPOINT_URL_DYNAMODB.

HubSpot is called at HUBSPOT_API_URL (the simulator prints its imitation's address), with
HUBSPOT_ACCESS_TOKEN (one token, or portal:token pairs), within the portal's call budget.

Exit code 0: done. 1: some could not be linked, or it was interrupted. 2: wrong arguments.
`;

const DAY_MS = 86_400_000;
const HOLD_DAYS = 30;

await runTool({
  name: 'sync:adopt',
  help: HELP,
  options: {
    portal: { type: 'string' },
    hold: { type: 'boolean', default: false },
    release: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    'from-start': { type: 'boolean', default: false },
    work: { type: 'string' },
    ...TABLE_OPTIONS,
  },
  run: async (values, words) => {
    const portalId = requiredPortal(values.portal);
    if (values.hold && values.release) throw new UsageError('Either --hold or --release.');
    const access = syncTable(values);
    try {
      if (values.hold || values.release) {
        noWords(words);
        return values.hold ? await hold(access, portalId) : await release(access, portalId);
      }
      return await link(access, portalId, words, values);
    } finally {
      access.close();
    }
  },
});

function syncTable(given: { table?: string | undefined; endpoint?: string | undefined }): TableAccess {
  const endpoint = serviceEndpoint(given.endpoint, 'AWS_ENDPOINT_URL_DYNAMODB');
  const table = given.table || process.env.SYNC_TABLE || (isLoopback(endpoint) ? NAMES.syncTable : undefined);
  if (!table) {
    throw new UsageError(
      "Which table? Pass --table with the name that the data stack's output SyncTableName has, or set SYNC_TABLE.",
    );
  }
  return tableAccess({ ...given, table });
}

async function hold(access: TableAccess, portalId: PortalId): Promise<number> {
  const connection = hubSpotConnectionIfAny(process.env);
  const note = connection
    ? await checkPortal(gatewaySettings(access, connection), portalId)
    : `HUBSPOT_ACCESS_TOKEN is not set: whether ${portalId} is the right portal was not looked up.`;
  if (note) console.error(note);
  const until = Date.now() + HOLD_DAYS * DAY_MS;
  await new ControlStore(access).hold(portalId, until);
  console.log(
    `The sync of portal ${portalId} is held until ${new Date(until).toISOString()}, or until --release.`,
  );
  return 0;
}

async function release(access: TableAccess, portalId: PortalId): Promise<number> {
  const wasHeld = await new ControlStore(access).release(portalId);
  console.log(
    wasHeld
      ? `The sync of portal ${portalId} goes on within a minute.`
      : `The sync of portal ${portalId} was not held.`,
  );
  return 0;
}

async function link(
  access: TableAccess,
  portalId: PortalId,
  words: readonly string[],
  given: { 'dry-run': boolean; 'from-start': boolean; work?: string | undefined },
): Promise<number> {
  const type = typeArgument(words);
  noWords(words.slice(1));
  const dryRun = given['dry-run'];
  const directory = userPath(given.work ?? `sync-adopt-${portalId}-${type}`);
  const resume = resumeFile(join(directory, 'point.json'), adoptPointSchema);
  const left = given['from-start'] ? undefined : await resume.read();
  if (left && left.dryRun !== dryRun) {
    throw new ToolFailure(
      `${directory} is that of an interrupted call ${left.dryRun ? 'with' : 'without'} --dry-run. Finish that one, or pass --from-start.`,
    );
  }
  const clock = { now: Date.now, wait, random: Math.random };
  const connection = hubSpotConnection(process.env);
  if (tokenOf(connection.tokens, portalId) === undefined) {
    throw new UsageError(`HUBSPOT_ACCESS_TOKEN has no token of portal ${portalId}.`);
  }
  const settings = gatewaySettings(access, connection);
  const note = await checkPortal(settings, portalId);
  if (note) console.error(note);
  const hubspot = hubSpotGateway(settings)(portalId);
  const progress = progressBar('records', await roughCount(hubspot, type));
  const stopping = stopOnSignal('Stopping at the next resume point …');
  let point = left ?? adoptStart(dryRun);
  if (left) console.error('Going on where an earlier call left off.');
  try {
    point = await adopt({
      store: new RecordStore({ ...access, ...clock }),
      owner: { portalId, type },
      hubspot,
      patience: {
        wait,
        told: (failure) => callReason(failure, settings.baseUrl),
        onRetry: (why) => progress.note(`${why} Trying again …`),
      },
      directory,
      from: point,
      save: async (saved) => {
        await resume.write(saved);
        const { inHubSpot, ours } = saved.counts;
        progress.update(inHubSpot + ours);
      },
      remark: (remark, by) =>
        progress.print(remarkLine(remark, by === 'key' ? 'external id' : VALUE_NAME[type])),
      now: Date.now,
      stop: stopping.signal,
    });
  } finally {
    progress.stop();
    stopping.end();
  }
  if (point.phase !== 'done') {
    console.error('Stopped; the next call goes on from here.');
    return 1;
  }
  await resume.remove();
  // Where the user's own files lie there, it stays.
  await rmdir(directory).catch(() => undefined);
  console.log(adoptSummary(point.counts, type, dryRun));
  const { ambiguous, surplus, notNow } = point.counts;
  return ambiguous + surplus + notNow === 0 ? 0 : 1;
}

/** How many records HubSpot says it has; 0 where it doesn't say. Only for the progress bar. */
async function roughCount(hubspot: HubSpotApi, type: ObjectType): Promise<number> {
  const page = await hubspot.search(type, { filterGroups: [], properties: [], limit: 1 });
  return page.kind === 'page' ? (page.total ?? 0) : 0;
}

function gatewaySettings(access: TableAccess, { settings, tokens }: HubSpotConnection): GatewaySettings {
  return {
    baseUrl: settings.HUBSPOT_API_URL,
    apiVersion: settings.HUBSPOT_API_VERSION,
    accessToken: async (portalId) => tokenOf(tokens, portalId),
    budget: createCallBudget({
      documents: access.documents,
      tableName: access.tableName,
      limits: {
        callsPer10s: settings.HUBSPOT_CALLS_PER_10S,
        searchesPerSecond: settings.HUBSPOT_SEARCHES_PER_SECOND,
      },
    }),
  };
}

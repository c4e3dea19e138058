import { randomUUID } from 'node:crypto';
import type { ApiCall } from './api-call.ts';
import type { CallCounters, CallEntry } from './call-log.ts';
import { controlApi } from './control-api.ts';
import type { RecordView } from './crm-record.ts';
import type { Fault } from './fault.ts';
import { FaultRules } from './fault-rules.ts';
import {
  ConnectionLost,
  type HubSpotRequest,
  type HubSpotResponse,
  headerOf,
  jsonResponse,
} from './http-message.ts';
import { errorEnvelope, HubSpotError, unauthenticated } from './hubspot-error.ts';
import type { ObjectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import type { PortalSettings, SettingsPatch } from './portal-settings.ts';
import { Portals } from './portals.ts';
import { rateLimitBody } from './rate-limits.ts';
import type { SeedOptions } from './record-inspection.ts';
import * as records from './record-inspection.ts';
import { answer, isSearch, type Route, routeOf } from './router.ts';
import { statusFaultAnswer } from './status-fault.ts';

/** What an imitation is made of. The settings are those of every portal without settings of its own. */
export interface HubSpotOptions extends SettingsPatch {
  /** The time, epoch milliseconds. Lags, limits and dates all follow it. */
  readonly clock: () => number;
  /** Waits on the same clock; the real one when absent. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Access token → portal id. May grow while the imitation runs. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Developer API key (`?hapikey=`, Cards API only) → portal id of the developer account. */
  readonly developerKeys?: ReadonlyMap<string, string>;
  /** Where records, properties and cards are kept; in memory only when absent. */
  readonly directory?: string;
  /** Settings by portal id. */
  readonly portals?: Readonly<Record<string, SettingsPatch>>;
}

/** An imitation of HubSpot's CRM for any number of portals. */
export interface HubSpotImitation {
  /** Answers one request. @throws ConnectionLost where a real caller would see its connection break */
  handle(request: HubSpotRequest): Promise<HubSpotResponse>;
  readonly faults: FaultRules;
  /** Changes the settings of one portal, or without `portalId` of all, those to come included. */
  configure(patch: SettingsPatch, portalId?: string): void;
  settings(portalId: string): PortalSettings;
  portalIds(): string[];
  /** A portal's records with all their properties, in the order of creation; archived ones only when asked for. */
  records(portalId: string, type: ObjectType, options?: { archived?: boolean }): RecordView[];
  /** How many records a portal has. */
  counts(portalId: string, type: ObjectType): { live: number; archived: number };
  counters(portalId: string): CallCounters;
  /** The newest calls (at least the last 10,000), oldest first. */
  calls(portalId: string): readonly CallEntry[];
  /** Puts a record into HubSpot as a person would, outside limits and counters. @returns its id @throws HubSpotError */
  seed(
    portalId: string,
    type: ObjectType,
    properties: Readonly<Record<string, string>>,
    options?: SeedOptions,
  ): string;
  /** Changes a record as a person would, outside limits and counters. @throws HubSpotError */
  edit(portalId: string, type: ObjectType, id: string, properties: Readonly<Record<string, string>>): void;
  /** Archives a record as a person would, outside limits and counters. @throws HubSpotError */
  archive(portalId: string, type: ObjectType, id: string): void;
  /** Removes a property of ours with its values, whatever the portal's settings say. @throws HubSpotError when it isn't there */
  removeProperty(portalId: string, type: ObjectType, name: string): void;
  /** Ends it as a crash would: held calls are never carried out. */
  close(): void;
}

/** Makes an imitation; with a directory it starts with everything that was answered before. @throws Error for a damaged log */
export function createHubSpot(options: HubSpotOptions): HubSpotImitation {
  const sleep = options.sleep ?? realSleep;
  const portals = new Portals(options);
  const faults = new FaultRules();
  let closed = false;

  function run(call: ApiCall, route: Route | undefined, correlationId: string): HubSpotResponse {
    if (closed) throw new ConnectionLost('HubSpot went away');
    try {
      return answer(call, route);
    } catch (error) {
      return refusal(error, correlationId);
    }
  }

  async function underFault(
    fault: Fault | undefined,
    call: ApiCall,
    route: Route | undefined,
    correlationId: string,
  ): Promise<HubSpotResponse> {
    switch (fault?.kind) {
      case undefined:
        return run(call, route, correlationId);
      case 'row-errors':
        return run({ ...call, rowErrors: fault }, route, correlationId);
      case 'status':
        if (fault.applied) run(call, route, correlationId);
        return statusFaultAnswer(fault, isSearch(route), correlationId);
      case 'lost-request':
        throw new ConnectionLost('the request was lost');
      case 'lost-response':
        run(call, route, correlationId);
        throw new ConnectionLost('the response was lost');
      case 'slow': {
        const response = run(call, route, correlationId);
        await sleep(fault.delayMs);
        return response;
      }
      case 'late-write': {
        await sleep(fault.commitAfterMs);
        const response = run(call, route, correlationId);
        if (fault.answer === 'late') return response;
        throw new ConnectionLost('the call was carried out too late for an answer');
      }
    }
  }

  async function handle(request: HubSpotRequest): Promise<HubSpotResponse> {
    if (closed) throw new ConnectionLost('HubSpot went away');
    const url = new URL(request.url, 'http://imitation');
    const correlationId = randomUUID();
    if (url.pathname.startsWith('/_imitation/')) {
      return guarded(correlationId, () => controlApi(imitation, request, url));
    }
    const route = routeOf(url.pathname);
    const portal = portalOf(request, url, route);
    if (portal === undefined) return refusal(unauthenticated(), correlationId);
    const entry: CallEntry = {
      at: options.clock(),
      method: request.method,
      path: request.url,
      inputs: 1,
      recordWrites: 0,
    };
    portal.calls.add(entry);
    const limit = portal.limits.admit(entry.at, isSearch(route), portal.settings);
    const limitHeaders = portal.limits.headers(isSearch(route), portal.settings);
    if (limit !== undefined) {
      portal.calls.noteRateLimited();
      entry.status = 429;
      return jsonResponse(429, rateLimitBody(limit, correlationId), limitHeaders);
    }
    const fault = faults.take(portal.id, request.method, url.pathname);
    if (fault !== undefined) entry.fault = fault.kind;
    if (portal.settings.latencyMs > 0) await sleep(portal.settings.latencyMs);
    const call: ApiCall = { portal, request, query: url.searchParams, entry };
    const response = await underFault(fault, call, route, correlationId);
    entry.status = response.status;
    return { ...response, headers: { ...limitHeaders, ...response.headers } };
  }

  function portalOf(request: HubSpotRequest, url: URL, route: Route | undefined): Portal | undefined {
    const token = /^Bearer\s+(\S+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
    const key = route?.api === 'cards' ? url.searchParams.get('hapikey') : null;
    const portalId =
      (token === undefined ? undefined : options.tokens.get(token)) ??
      (key === null ? undefined : options.developerKeys?.get(key));
    return portalId === undefined ? undefined : portals.get(portalId);
  }

  const imitation: HubSpotImitation = {
    handle,
    faults,
    configure: (patch, portalId) => portals.configure(patch, portalId),
    settings: (portalId) => portals.get(portalId).settings,
    portalIds: () => portals.ids(),
    records: (portalId, type, { archived = false } = {}) =>
      records.allRecords(portals.get(portalId), type, archived),
    counts: (portalId, type) => records.countRecords(portals.get(portalId), type),
    counters: (portalId) => portals.get(portalId).calls.counters,
    calls: (portalId) => portals.get(portalId).calls.entries,
    seed: (portalId, type, properties, options) =>
      records.seedRecord(portals.get(portalId), type, properties, options),
    edit: (portalId, type, id, properties) => records.editRecord(portals.get(portalId), type, id, properties),
    archive: (portalId, type, id) => records.archiveByHand(portals.get(portalId), type, id),
    removeProperty: (portalId, type, name) => records.removeProperty(portals.get(portalId), type, name),
    close: () => {
      if (!closed) portals.close();
      closed = true;
    },
  };
  return imitation;
}

function guarded(correlationId: string, act: () => HubSpotResponse): HubSpotResponse {
  try {
    return act();
  } catch (error) {
    return refusal(error, correlationId);
  }
}

/** The answer for a refusal. @throws whatever is no HubSpotError */
function refusal(error: unknown, correlationId: string): HubSpotResponse {
  if (!(error instanceof HubSpotError)) throw error;
  return jsonResponse(error.status, errorEnvelope(error, correlationId), error.extras.headers);
}

function realSleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

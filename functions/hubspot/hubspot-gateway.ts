import { type ApiVersion, objectsPath, propertiesPath } from './api-paths.ts';
import { runBatch } from './batch-call.ts';
import type { CallFailure } from './call-failure.ts';
import type {
  BatchReadQuery,
  CallOptions,
  HubSpotApi,
  ListQuery,
  ObjectType,
  PageResult,
  RecordPage,
} from './hubspot-api.ts';
import { arrayIn, objectIn, textsIn } from './json-value.ts';
import { plainReason } from './plain-reason.ts';
import { propertyIn, recordIn } from './record-json.ts';
import { MERGED_IDS_PROPERTY } from './row-results.ts';
import { admitCall, type GatewayAccess, type HubSpotCall, sendCall } from './send-call.ts';

export interface GatewaySettings extends GatewayAccess {
  apiVersion: ApiVersion;
}

const MOST_PER_PAGE = 100;

/**
 * HubSpot's API over `fetch`, portal by portal. Holds nothing of a portal, so one gateway serves any number; connections are kept alive
 * by the runtime.
 */
export const hubSpotGateway =
  (settings: GatewaySettings) =>
  (portalId: string): HubSpotApi => {
    const version = settings.apiVersion;
    const send = (call: HubSpotCall, options?: CallOptions) => sendCall(settings, portalId, call, options);

    async function page(call: HubSpotCall, options?: CallOptions): Promise<PageResult> {
      const answer = await send(call, options);
      return answer.kind === 'answer' ? (pageIn(answer.json) ?? unreadable(answer.status)) : answer;
    }

    return {
      admit: (pool, { budgetWaitMs } = {}) => admitCall(settings, portalId, pool, budgetWaitMs),

      batchCreate: (type, inputs, options) =>
        runBatch(send, {
          path: `${objectsPath(version, type)}/batch/create`,
          rows: inputs.map(({ traceId, properties }) => ({ key: traceId, traceId, properties })),
          body: {
            inputs: inputs.map(({ traceId, properties }) => ({ properties, objectWriteTraceId: traceId })),
          },
          silence: 'unknown',
          options,
        }),

      batchRead: (type, query, options) =>
        runBatch(send, {
          path: `${objectsPath(version, type)}/batch/read?archived=${query.archived === true}`,
          rows: query.ids.map((id) => ({ key: id, id, ...idProperty(query) })),
          body: {
            inputs: query.ids.map((id) => ({ id })),
            properties: propertiesToRead(type, query),
            propertiesWithHistory: [],
            ...idProperty(query),
          },
          silence: 'not-found',
          options,
        }),

      batchUpdate: (type, inputs, options) =>
        runBatch(send, {
          path: `${objectsPath(version, type)}/batch/update`,
          rows: inputs.map(({ traceId, id }) => ({ key: traceId, traceId, id })),
          body: {
            inputs: inputs.map(({ traceId, id, properties }) => ({
              id,
              properties,
              objectWriteTraceId: traceId,
            })),
          },
          silence: 'unknown',
          options,
        }),

      batchUpsert: (type, inputs, options) =>
        runBatch(send, {
          path: `${objectsPath(version, type)}/batch/upsert`,
          rows: inputs.map(({ traceId, id, idProperty }) => ({ key: traceId, traceId, id, idProperty })),
          body: {
            inputs: inputs.map(({ traceId, id, idProperty, properties }) => ({
              id,
              idProperty,
              properties,
              objectWriteTraceId: traceId,
            })),
          },
          silence: 'unknown',
          options,
        }),

      batchArchive: (type, ids, options) =>
        runBatch(send, {
          path: `${objectsPath(version, type)}/batch/archive`,
          rows: ids.map((id) => ({ key: id, id })),
          body: { inputs: ids.map((id) => ({ id })) },
          silence: 'done',
          options,
        }),

      search: (type, query, options) =>
        page(
          { method: 'POST', path: `${objectsPath(version, type)}/search`, body: query, pool: 'search' },
          options,
        ),

      listPage: (type, query, options) =>
        page(
          { method: 'GET', path: `${objectsPath(version, type)}?${listQuery(query)}`, pool: 'calls' },
          options,
        ),

      async listProperties(type, options) {
        const answer = await send(
          { method: 'GET', path: propertiesPath(version, type), pool: 'calls' },
          options,
        );
        if (answer.kind !== 'answer') return answer;
        const results = objectIn(answer.json)?.results;
        if (!Array.isArray(results)) return unreadable(answer.status);
        return { kind: 'properties', properties: results.flatMap((entry) => propertyIn(entry) ?? []) };
      },

      async createProperty(type, property, options) {
        const path = propertiesPath(version, type);
        const answer = await send({ method: 'POST', path, body: property, pool: 'calls' }, options);
        if (answer.kind !== 'answer') return answer;
        const created = propertyIn(answer.json);
        return created ? { kind: 'property', property: created } : unreadable(answer.status);
      },
    };
  };

const idProperty = (query: BatchReadQuery) =>
  query.idProperty === undefined ? {} : { idProperty: query.idProperty };

/** Also what tells which result belongs to which id: the id property, and the ids that were merged into a contact. */
function propertiesToRead(type: ObjectType, query: BatchReadQuery): string[] {
  const needed = query.idProperty ?? (type === 'contacts' ? MERGED_IDS_PROPERTY : undefined);
  return [...new Set([...query.properties, ...(needed === undefined ? [] : [needed])])];
}

function listQuery({ properties, after, limit = MOST_PER_PAGE, archived = false }: ListQuery): string {
  const query = new URLSearchParams({ limit: String(limit), archived: String(archived) });
  if (properties.length > 0) query.set('properties', properties.join(','));
  if (after !== undefined) query.set('after', after);
  return query.toString();
}

function pageIn(json: unknown): RecordPage | undefined {
  const answer = objectIn(json);
  if (answer === undefined || !Array.isArray(answer.results)) return undefined;
  const [after] = textsIn(objectIn(objectIn(answer.paging)?.next)?.after);
  return {
    kind: 'page',
    records: arrayIn(answer.results).flatMap((entry) => recordIn(entry) ?? []),
    ...(after === undefined ? {} : { after }),
    ...(typeof answer.total === 'number' ? { total: answer.total } : {}),
  };
}

const unreadable = (status: number): CallFailure => ({
  kind: 'transient',
  outcome: 'unknown',
  status,
  ...plainReason('hubspot-unreadable-answer'),
});

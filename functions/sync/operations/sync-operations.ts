import * as z from 'zod/mini';
import type { ApiRequest } from '../../http/api-request.ts';
import type { AccountingCaller } from '../../http/bearer-token.ts';
import type { Operation } from '../../http/http-handler.ts';
import { jsonBody } from '../../http/json-body.ts';
import { onlyParameters } from '../../http/paging.ts';
import { invalidBody, invalidParameter, notFound, Problem } from '../../http/problem.ts';
import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import { fieldProblems } from '../../input/field-problem.ts';
import { LONGEST_EXTERNAL_ID, line } from '../../input/text.ts';
import { takeIn } from '../intake/intake.ts';
import { reconcileJson } from '../reconcile/reconcile-json.ts';
import type { ReconcileStore } from '../reconcile/reconcile-store.ts';
import { restsUntil } from '../records/portal-control.ts';
import { RECORD_TYPES } from '../records/shard.ts';
import { isReasonCode } from '../sync-reasons.ts';
import type { SyncHealth } from './health.ts';
import { recordJson } from './record-json.ts';
import { type ReplayAccess, type ReplaySelection, replay } from './replay.ts';

/** What the sync's operations for the accounting system work with. */
export interface SyncAccess extends ReplayAccess {
  health: (portalId: AccountingCaller['portalId']) => Promise<SyncHealth>;
  runs: Pick<ReconcileStore, 'states'>;
}

/** The most records of one call. */
export const MAX_RECORDS = 1_000;
/** A Lambda takes 6 MB, and the body may come in base64. */
const MAX_INTAKE_BYTES = 4_194_304;

const EXTERNAL_ID_RULE = `an external id: 1 to ${LONGEST_EXTERNAL_ID} printable characters`;

const recordsBody = z.strictObject(
  { records: z.array(z.unknown(), 'a list of records').check(z.minLength(1, 'at least one record')) },
  'a JSON object with records',
);

/** `POST /v1/contacts` and `POST /v1/products`: up to 1,000 records, each with a verdict of its own. */
export const postRecords =
  (access: SyncAccess, type: ObjectType): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    onlyParameters(request, []);
    const body = jsonBody(request, MAX_INTAKE_BYTES);
    const parsed = recordsBody.safeParse(body);
    if (!parsed.success) throw invalidBody(fieldProblems(parsed.error.issues, body));
    const { records } = parsed.data;
    if (records.length > MAX_RECORDS) throw tooMany(records.length);
    return { status: 202, body: { results: await takeIn(access, portalId, type, records) } };
  };

const tooMany = (count: number): Problem =>
  new Problem({
    status: 413,
    kind: 'too-many-records',
    title: 'The call has too many records.',
    detail: `The call has ${count} records; at most ${MAX_RECORDS} are taken at once.`,
  });

/** `GET /v1/contacts/{externalId}`, `GET /v1/products/{externalId}`, and both with `?externalId=` for ids that no path can hold. */
export const getRecord =
  (access: SyncAccess, type: ObjectType): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    const externalId = externalIdOf(request);
    const [record, portal] = await Promise.all([
      access.store.record({ portalId, type }, externalId),
      access.control.portal(portalId),
    ]);
    if (!record) throw notFound(`There is no record ${externalId} among ${type}.`);
    return { status: 200, body: recordJson(record, Math.max(access.now(), restsUntil(portal))) };
  };

function externalIdOf(request: ApiRequest): string {
  const inPath = request.pathParameters.externalId;
  onlyParameters(request, inPath === undefined ? ['externalId'] : []);
  const text = inPath ?? request.query.get('externalId') ?? '';
  if (line(LONGEST_EXTERNAL_ID).safeParse(text).success) return text;
  throw invalidParameter('externalId', `is ${JSON.stringify(text.slice(0, 140))}`, EXTERNAL_ID_RULE);
}

const TYPE_EXPECTED = 'contacts or products';
const REPLAY_EXPECTED = 'either type and externalIds, or reasonCode, or all';

const replayBody = z
  .strictObject(
    {
      type: z.optional(z.enum(RECORD_TYPES, TYPE_EXPECTED)),
      externalIds: z.optional(
        z
          .array(line(LONGEST_EXTERNAL_ID), `a list of 1 to ${MAX_RECORDS} external ids`)
          .check(
            z.minLength(1, `1 to ${MAX_RECORDS} external ids`),
            z.maxLength(MAX_RECORDS, `1 to ${MAX_RECORDS} external ids`),
          ),
      ),
      reasonCode: z.optional(
        z
          .string('a reason code')
          .check(z.refine((text) => isReasonCode(text), 'a reason code as a failure names it')),
      ),
      all: z.optional(z.literal(true, 'true')),
    },
    `a JSON object with ${REPLAY_EXPECTED}`,
  )
  .check(
    z.refine((sent) => selectionOf(sent) !== undefined, {
      path: [],
      error: `a JSON object with ${REPLAY_EXPECTED}`,
    }),
  );

interface ReplayBody {
  type?: ObjectType | undefined;
  externalIds?: string[] | undefined;
  reasonCode?: string | undefined;
  all?: true | undefined;
}

function selectionOf({ type, externalIds, reasonCode, all }: ReplayBody): ReplaySelection | undefined {
  if (type !== undefined && externalIds !== undefined && reasonCode === undefined && all === undefined) {
    return { kind: 'ids', type, externalIds };
  }
  if (type !== undefined || externalIds !== undefined) return undefined;
  if (all !== undefined) return reasonCode === undefined ? { kind: 'failures' } : undefined;
  return reasonCode !== undefined && isReasonCode(reasonCode) ? { kind: 'failures', reasonCode } : undefined;
}

/** `POST /v1/sync/replay`: tries failures again, or writes the named records again whatever their state. */
export const postReplay =
  (access: SyncAccess): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    onlyParameters(request, []);
    const body = jsonBody(request);
    const parsed = replayBody.safeParse(body);
    const selection = parsed.success ? selectionOf(parsed.data) : undefined;
    if (!parsed.success || !selection) throw invalidBody(fieldProblems(parsed.error?.issues ?? [], body));
    return { status: 202, body: { replayed: await replay(access, portalId, selection) } };
  };

/** `GET /v1/sync/health`. */
export const getHealth =
  (access: SyncAccess): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    onlyParameters(request, []);
    const [{ counts, oldestPendingAt, pausedUntil, heldUntil, stopped }, runs] = await Promise.all([
      access.health(portalId),
      access.runs.states(portalId),
    ]);
    return {
      status: 200,
      body: {
        counts,
        oldestPendingAt: instant(oldestPendingAt),
        pausedUntil: instant(pausedUntil),
        heldUntil: instant(heldUntil),
        reconcile: reconcileJson(runs),
        ...(stopped ? { stopped: { ...stopped, since: instant(stopped.since) } } : {}),
      },
    };
  };

const instant = (epochMs: number | undefined): string | undefined =>
  epochMs === undefined ? undefined : new Date(epochMs).toISOString();

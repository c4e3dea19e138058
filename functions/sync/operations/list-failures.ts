import type { AccountingCaller } from '../../http/bearer-token.ts';
import type { Operation } from '../../http/http-handler.ts';
import { decodeCursor, encodeCursor, onlyParameters, pageLimit } from '../../http/paging.ts';
import { invalidParameter } from '../../http/problem.ts';
import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import { RECORD_TYPES, type Shard, shardsOf } from '../records/shard.ts';
import { isFailurePlace } from '../records/state-reader.ts';
import type { SyncAccess } from './sync-operations.ts';

const USUAL_PAGE = 100;
const MAX_PAGE = 500;

/** `GET /v1/sync/failures`: every failed record with its reason, shard by shard, in each those that failed first at the head. */
export const getFailures =
  ({ states }: SyncAccess): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    onlyParameters(request, ['type', 'cursor', 'limit']);
    const limit = pageLimit(request, USUAL_PAGE, MAX_PAGE);
    const shards = shardsToList(portalId, typeOf(request.query.get('type')));
    const position = positionOf(decodeCursor(request, (text) => positionOf(text) !== undefined));
    const failures: Record<string, unknown>[] = [];
    let place = position?.place;
    for (let index = startOf(shards, position); index < shards.length; index++) {
      const shard = shards[index];
      if (!shard) break;
      do {
        const page = await states.failures(shard, place, limit - failures.length);
        failures.push(...page.failures.map((one) => failureJson(shard.type, one)));
        place = page.after;
        if (failures.length === limit) {
          const next = place === undefined ? shards[index + 1] : shard;
          const cursor = next && encodeCursor(`${next.type}|${next.shard}|${place ?? ''}`);
          return { status: 200, body: { failures, nextCursor: cursor } };
        }
      } while (place !== undefined);
    }
    return { status: 200, body: { failures } };
  };

function failureJson(type: ObjectType, { since, ...failure }: { since: number }): Record<string, unknown> {
  return { type, ...failure, since: new Date(since).toISOString() };
}

const shardsToList = (portalId: PortalId, type: ObjectType | undefined): Shard[] =>
  (type === undefined ? RECORD_TYPES : [type]).flatMap((one) => shardsOf(portalId, one));

function typeOf(text: string | null): ObjectType | undefined {
  const type = RECORD_TYPES.find((known) => known === text);
  if (text !== null && !type) {
    throw invalidParameter('type', `is ${JSON.stringify(text.slice(0, 40))}`, 'contacts or products');
  }
  return type;
}

interface Position {
  type: string;
  shard: number;
  place?: string | undefined;
}

function positionOf(text: string | undefined): Position | undefined {
  const match = /^(contacts|products)\|(\d)\|(.*)$/s.exec(text ?? '');
  const [, type, shard, place = ''] = match ?? [];
  if (type === undefined || (place !== '' && !isFailurePlace(place))) return undefined;
  return { type, shard: Number(shard), place: place === '' ? undefined : place };
}

const startOf = (shards: readonly Shard[], position: Position | undefined): number =>
  position === undefined
    ? 0
    : Math.max(
        0,
        shards.findIndex(({ type, shard }) => type === position.type && shard === position.shard),
      );

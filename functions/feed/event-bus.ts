import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { entryBytes, MAX_ENTRIES, MAX_REQUEST_BYTES } from './bus-entry.ts';

/** Puts entries on the bus and answers the places of those it did not take. */
export type PutOnBus = (entries: readonly PutEventsRequestEntry[]) => Promise<number[]>;

const TRIES = 3;

/** EventBridge, asked again for the entries it refused; a request that fails as a whole counts as all of its entries refused. */
export const eventBridgeBus =
  (client: EventBridgeClient, wait: (milliseconds: number) => Promise<unknown>): PutOnBus =>
  async (entries) => {
    let left = [...entries.keys()];
    for (let attempt = 1; attempt <= TRIES && left.length > 0; attempt++) {
      if (attempt > 1) await wait(100 * 4 ** (attempt - 2));
      left = await putOnce(client, entries, left);
    }
    return left;
  };

async function putOnce(
  client: EventBridgeClient,
  entries: readonly PutEventsRequestEntry[],
  places: readonly number[],
): Promise<number[]> {
  const refused: number[] = [];
  for (const request of requestsOf(entries, places)) {
    const Entries = request.flatMap((place) => entries[place] ?? []);
    const answer = await client.send(new PutEventsCommand({ Entries })).catch(() => undefined);
    for (const [index, place] of request.entries()) {
      if (!answer || answer.Entries?.[index]?.ErrorCode) refused.push(place);
    }
  }
  return refused;
}

/** Places in groups that each fit into one request. */
function requestsOf(entries: readonly PutEventsRequestEntry[], places: readonly number[]): number[][] {
  const requests: number[][] = [];
  let bytes = 0;
  for (const place of places) {
    const size = entryBytes(entries[place] ?? {});
    const open = requests.at(-1);
    if (open && open.length < MAX_ENTRIES && bytes + size <= MAX_REQUEST_BYTES) {
      open.push(place);
      bytes += size;
    } else {
      requests.push([place]);
      bytes = size;
    }
  }
  return requests;
}

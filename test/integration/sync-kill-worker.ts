/**
 * A worker in a process of its own, to be killed. For each message it answers a bell, by the clock of whoever sent it, and says when that
 * has ended; where it is told to pause somewhere it says when it is there, and goes no further.
 */

import type { Shard } from '../../functions/sync/records/shard.ts';
import { answerBell } from '../../functions/sync/worker/answer-bell.ts';
import { connectSync } from './sync-over-http.ts';

/** Where a worker pauses: before a write is sent to HubSpot, when it is answered, and when its result is stored. */
export type Pause = 'before the call' | 'after the call, before the result is stored' | 'after all of it';

/** What a worker is asked: to answer a bell. */
export interface Order {
  /** Endpoints. */
  dynamodb: string;
  hubspot: string;
  shard: Shard;
  /** Epoch milliseconds. */
  time: number;
  pause?: Pause;
}

/** What a worker says. */
export type Report = 'ready' | 'paused' | 'ended';

const say = (report: Report): void => {
  process.send?.(report);
};

async function answer({ dynamodb, hubspot, shard, time, pause }: Order): Promise<void> {
  const ahead = time - Date.now();
  let isResultOpen = false;
  /** Goes no further once it is where it was told to pause. */
  const pauseAt = async (place: Pause): Promise<void> => {
    if (pause !== place) return;
    say('paused');
    await new Promise(() => undefined);
  };
  const access = connectSync({
    dynamodb,
    hubspot,
    now: () => Date.now() + ahead,
    ring: async () => undefined,
    fetch: async (input, init) => {
      if (!/batch\/(create|update|upsert)/.test(String(input))) return fetch(input, init);
      await pauseAt('before the call');
      const response = await fetch(input, init);
      await pauseAt('after the call, before the result is stored');
      isResultOpen = true;
      return response;
    },
    stored: async () => {
      if (isResultOpen) await pauseAt('after all of it');
    },
  });
  await answerBell(access, shard, access.now() + 60_000);
  access.close();
  say('ended');
}

process.on('message', (order: Order) => {
  void answer(order);
});
process.on('disconnect', () => process.exit());
say('ready');

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What there is around the sync so far. */
export interface Tally {
  /** That DynamoDB has had since its start. */
  requests: number;
  /** That HubSpot's imitation has, over HTTP. */
  products: number;
}

export type SurroundingsMessage = { environment: Record<string, string> } | Tally;

export interface Surroundings {
  /** The environment that the functions run in, as on the simulator. */
  environment: Record<string, string>;
  tally(): Promise<Tally>;
  close(): Promise<void>;
}

/** Starts DynamoDB, SQS, Secrets Manager and HubSpot's imitation in a process of their own, each empty but for tables and our key property. */
export async function startSurroundings(): Promise<Surroundings> {
  const child = fork(fileURLToPath(new URL('sync-surroundings-process.ts', import.meta.url)), {
    env: { PATH: process.env.PATH },
  });
  const first = await nextMessage(child);
  if (!('environment' in first)) throw new Error('The surroundings of the sync did not start.');
  return {
    environment: first.environment,
    tally: async () => {
      child.send('tally');
      const answer = await nextMessage(child);
      if ('environment' in answer) throw new Error('The surroundings of the sync began again.');
      return answer;
    },
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** The next message of the process; throws where it ends instead. */
async function nextMessage(child: ChildProcess): Promise<SurroundingsMessage> {
  const ending = new AbortController();
  const gone = once(child, 'exit', ending).then(([code]) => {
    throw new Error(`The surroundings of the sync ended with exit code ${code}.`);
  });
  const [message] = await Promise.race([once(child, 'message', ending), gone]).finally(() => {
    gone.catch(() => undefined);
    ending.abort();
  });
  return message as SurroundingsMessage;
}

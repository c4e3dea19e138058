import type { Replay, SyncPageState } from '../backend.ts';

/** What the page may ask for, by path below `/_page/sync/`, with what it sends. */
export type Request =
  | { readonly path: 'samples'; readonly body: { readonly type: string } }
  | { readonly path: 'replay'; readonly body: Replay }
  | { readonly path: 'faults'; readonly body: { readonly fault: string } }
  | { readonly path: 'faults/clear'; readonly body: Readonly<Record<string, never>> };

const call = async (path: string, request?: RequestInit): Promise<Response> => {
  const response = await fetch(`/_page/sync/${path}`, { cache: 'no-store', ...request }).catch(
    () => undefined,
  );
  if (response === undefined) throw new Error("The simulator doesn't answer.");
  if (response.status >= 500) throw new Error(`The simulator answered with status ${response.status}.`);
  return response;
};

/** @throws Error if the simulator itself can't answer */
export const fetchState = async (): Promise<SyncPageState> => (await call('state')).json();

/** Asks for something, and resolves with what came of it. @throws Error if the simulator itself can't answer */
export const ask = async ({ path, body }: Request): Promise<{ isDone: boolean; message: string }> => {
  const response = await call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { message }: { message: string } = await response.json();
  return { isDone: response.ok, message };
};

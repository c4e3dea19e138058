import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { clientSettings } from '../service-access.ts';

/** A client of EventBridge that remembers why its last call failed: the bus answers only which events it did not take. */
export function busClient(endpoint: string | undefined): {
  client: EventBridgeClient;
  /** Undefined where no call failed. */
  lastFailure: () => unknown;
} {
  const client = new EventBridgeClient(clientSettings(endpoint));
  let failure: unknown;
  client.middlewareStack.add(
    (next) => (call) =>
      next(call).catch((error: unknown) => {
        failure = error;
        throw error;
      }),
    { step: 'initialize', name: 'rememberFailure' },
  );
  return { client, lastFailure: () => failure };
}

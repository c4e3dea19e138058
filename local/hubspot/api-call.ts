import type { CallEntry } from './call-log.ts';
import type { RowErrorsFault } from './fault.ts';
import type { HubSpotRequest, HubSpotResponse } from './http-message.ts';
import { methodNotAllowed } from './hubspot-error.ts';
import type { Portal } from './portal.ts';

/** One authenticated call on its way through the imitation. */
export interface ApiCall {
  readonly portal: Portal;
  readonly request: HubSpotRequest;
  readonly query: URLSearchParams;
  /** Its line in the portal's call log. */
  readonly entry: CallEntry;
  /** Rows of a batch that are to fail, by a fault on demand. */
  readonly rowErrors?: RowErrorsFault;
}

/** Answers by method. @throws HubSpotError 405 for a method the resource doesn't have */
export function byMethod(
  call: ApiCall,
  handlers: Readonly<Record<string, () => HubSpotResponse>>,
): HubSpotResponse {
  const handler = Object.hasOwn(handlers, call.request.method) ? handlers[call.request.method] : undefined;
  if (handler === undefined) throw methodNotAllowed(Object.keys(handlers));
  return handler();
}

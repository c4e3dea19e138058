import type { ApiRequest } from './api-request.ts';
import { invalidParameter } from './problem.ts';

/**
 * The query's parameters. HubSpot's own proxy repeats some that a card sends itself: the same value twice is one, two different
 * values are refused, since it would be a guess which of them is meant.
 */
export function signedParameters(request: ApiRequest): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of request.query) {
    const known = parameters.get(name);
    if (known !== undefined && known !== value) {
      throw invalidParameter(name.slice(0, 40), 'is given twice with different values', 'one value');
    }
    parameters.set(name, value);
  }
  return parameters;
}

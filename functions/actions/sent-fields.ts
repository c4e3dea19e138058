import type { HubSpotCaller } from '../http/hubspot-signature.ts';
import { invalidParameter } from '../http/problem.ts';
import { MalformedJsonError, parseJson } from '../input/parse-json.ts';

/**
 * What was sent under these names: a JSON body's fields as they are; in a query or a form everything is text, and objects and lists are
 * JSON in it. An empty text there is a field left out. Throws a Problem.
 */
export function sentFields(
  { parameters, fields }: HubSpotCaller,
  names: readonly string[],
): Record<string, unknown> {
  const sent: [string, unknown][] = [];
  for (const name of names) {
    if (Object.hasOwn(fields, name)) sent.push([name, fields[name]]);
    else {
      const text = parameters.get(name) || undefined;
      if (text !== undefined) sent.push([name, STRUCTURED.has(name) ? structured(name, text) : text]);
    }
  }
  return Object.fromEntries(sent);
}

const STRUCTURED = new Set(['customer', 'lines']);

function structured(name: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error;
    const { field, problem } = error;
    throw invalidParameter(
      name,
      field === undefined ? problem : `can’t be read for its field ${field}, which ${problem}`,
      'JSON with each field once, where it stands in a query or a form',
    );
  }
}

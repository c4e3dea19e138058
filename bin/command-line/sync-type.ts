import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { RECORD_TYPES } from '../../functions/sync/records/shard.ts';
import { UsageError } from './run-tool.ts';

/** The first word: which kind of record a tool is for. Throws a UsageError. */
export function typeArgument([word]: readonly string[]): ObjectType {
  const type = RECORD_TYPES.find((known) => known === word);
  if (!type) {
    throw new UsageError(
      `${word === undefined ? 'Nothing' : JSON.stringify(word)} says which records; expected ${RECORD_TYPES.join(' or ')}.`,
    );
  }
  return type;
}

import type { TableDescription } from 'dynalite/db/index.js';
import { validateRequest } from './request-validation.ts';
import { validationError } from './service-error.ts';
import type { StreamViewType, TableSettings } from './table-settings.ts';

/** A request's StreamSpecification. */
export type StreamSpecification = { enabled: false } | { enabled: true; viewType: StreamViewType };

const SCHEMA = {
  types: {
    StreamEnabled: { type: 'Boolean', notNull: true },
    StreamViewType: { type: 'String', enum: ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'] },
  },
};

/** Reads the StreamSpecification of CreateTable and UpdateTable; undefined if there is none. */
export function parseStreamSpecification(value: unknown): StreamSpecification | undefined {
  if (value === undefined || value === null) return undefined;
  const { StreamEnabled, StreamViewType } = validateRequest(value as Record<string, unknown>, SCHEMA);
  if (StreamEnabled !== true) return { enabled: false };
  if (StreamViewType === undefined)
    throw validationError(
      'One or more parameter values were invalid: StreamViewType is required to enable a stream',
    );
  return { enabled: true, viewType: StreamViewType as StreamViewType };
}

/**
 * A table's settings after a StreamSpecification; a stream is named after the moment it began (epoch milliseconds).
 * Throws a ValidationException if a stream is enabled twice.
 */
export function withStream(
  settings: TableSettings,
  table: TableDescription,
  specification: StreamSpecification,
  epochMilliseconds: number,
): TableSettings {
  const { stream, ...others } = settings;
  if (!specification.enabled) return others;
  if (stream !== undefined)
    throw validationError(`Table already has an enabled stream: TableName: ${table.TableName}`);
  const label = new Date(epochMilliseconds).toISOString().replace('Z', '');
  return {
    ...others,
    stream: { arn: `${table.TableArn}/stream/${label}`, label, viewType: specification.viewType },
  };
}

/** A table's description as DescribeTable answers it: with its stream, if it has one. */
export function describeWithStream(table: TableDescription, { stream }: TableSettings): object {
  if (stream === undefined) return table;
  return {
    ...table,
    StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
    LatestStreamLabel: stream.label,
    LatestStreamArn: stream.arn,
  };
}

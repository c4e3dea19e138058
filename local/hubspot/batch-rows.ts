import type { ApiCall } from './api-call.ts';
import { type CrmRecord, viewOf } from './crm-record.ts';
import { failsRow } from './fault.ts';
import { type HubSpotResponse, jsonResponse } from './http-message.ts';
import { HubSpotError } from './hubspot-error.ts';
import { OBJECT_TYPES, type ObjectType } from './object-types.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** One input of a batch write. */
export interface BatchRow {
  readonly traceId: string | undefined;
  /** The id by which the input names a record; absent for a create. */
  readonly id?: string;
  /** Writes the row; `names` are the properties the answer echoes. @throws HubSpotError when the row is refused */
  write(work: UnitOfWork): { record: CrmRecord; names: readonly string[]; created?: boolean };
}

interface RowFailure {
  readonly row: BatchRow;
  readonly error: HubSpotError;
}

/**
 * Writes the rows and answers 207 with the errors of those that failed. Where not every input has a trace id of its own,
 * an error has no row to stand beside, and the first one fails the whole call with nothing written (a record that isn't
 * there is named by its id instead). Results come in reverse order, since HubSpot promises none.
 */
export function answerRows(
  call: ApiCall,
  type: ObjectType,
  rows: readonly BatchRow[],
  success: number,
): HubSpotResponse {
  const traceable =
    rows.every((row) => row.traceId) && new Set(rows.map((row) => row.traceId)).size === rows.length;
  const startedAt = new Date(call.portal.now()).toISOString();
  const work = call.portal.work();
  const results: unknown[] = [];
  const failures: RowFailure[] = [];
  for (const [index, row] of rows.entries()) {
    const beforeRow = work.mark();
    try {
      refuseOnDemand(call, index);
      results.push(resultOf(type, row, row.write(work)));
    } catch (error) {
      if (!(error instanceof HubSpotError) || !(traceable || hasNamedRow(call, row, error))) {
        work.rollback();
        throw error;
      }
      work.rollback(beforeRow);
      failures.push({ row, error });
    }
  }
  work.commit();
  call.portal.calls.noteWrites(call.entry, work.records);
  const answer = { status: 'COMPLETE', results: results.reverse(), startedAt, completedAt: startedAt };
  if (failures.length === 0) return jsonResponse(success, answer);
  const errors = traceable ? failures.map(tracedError) : untracedErrors(type, failures);
  return jsonResponse(207, { ...answer, numErrors: errors.length, errors });
}

function hasNamedRow(call: ApiCall, row: BatchRow, error: HubSpotError): boolean {
  return row.id !== undefined && (error.status === 404 || call.rowErrors !== undefined);
}

function refuseOnDemand(call: ApiCall, index: number): void {
  const fault = call.rowErrors;
  if (fault === undefined || !failsRow(fault, index)) return;
  throw new HubSpotError(
    fault.status ?? 500,
    fault.category ?? 'INTERNAL_ERROR',
    fault.message ?? 'There was an internal error while processing this object',
  );
}

function resultOf(type: ObjectType, row: BatchRow, written: ReturnType<BatchRow['write']>): unknown {
  return {
    ...viewOf(type, written.record, written.names),
    ...(written.created === undefined ? {} : { new: written.created }),
    ...(row.traceId === undefined ? {} : { objectWriteTraceId: row.traceId }),
  };
}

function tracedError({ row, error }: RowFailure): unknown {
  return {
    status: 'error',
    category: error.category,
    message: error.message,
    context: {
      ...error.extras.context,
      ...(row.id === undefined ? {} : { ids: [row.id] }),
      objectWriteTraceId: [row.traceId],
    },
  };
}

function untracedErrors(type: ObjectType, failures: readonly RowFailure[]): unknown[] {
  const missing = failures.filter(({ error }) => error.status === 404).flatMap(({ row }) => row.id ?? []);
  const others = failures.filter(({ error }) => error.status !== 404);
  return [
    ...(missing.length > 0 ? [missingObjects(type, missing)] : []),
    ...others.map(({ row, error }) => ({
      status: 'error',
      category: error.category,
      message: error.message,
      context: { ids: [row.id] },
    })),
  ];
}

/** The one error in which a batch names all records that aren't there. */
export function missingObjects(type: ObjectType, ids: readonly string[]): unknown {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${OBJECT_TYPES[type].singular} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids },
  };
}

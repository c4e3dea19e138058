import { explainFailure } from '../explain-failure.ts';
import { ToolFailure } from '../run-tool.ts';
import type { ImportPoint } from './import-point.ts';

/** What ended an import, as it is told: the cause first, then where the next call goes on, if anything is noted that it could go on from. */
export function interruption(error: unknown, noted: ImportPoint): ToolFailure {
  const cause = error instanceof ToolFailure ? error.message : explainFailure(error);
  const next =
    noted.bytes > 0
      ? `What came before line ${noted.line} is done and noted; the next call goes on there.`
      : undefined;
  return new ToolFailure([cause, ...(next ? [next] : [])].join('\n'));
}

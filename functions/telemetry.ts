import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

/** A function's log, as JSON lines. Names and levels come from the `POWERTOOLS_…` variables. */
export const logger = new Logger();

/** A function's metrics, in CloudWatch's embedded format: written to the log, sent without a call. */
export const metrics = new Metrics();

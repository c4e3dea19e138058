/** Loads a bundled handler, calls it once with an event from a file, and says that it answered. */
import { readFileSync } from 'node:fs';

const [, , bundled, eventFile] = process.argv;
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const { handler } = await import(bundled);
const { statusCode } = await handler(event, {
  awsRequestId: '1',
  functionName: 'bench',
  getRemainingTimeInMillis: () => 5000,
});
process.stdout.write(`\nanswered ${statusCode}\n`, () => process.exit(0));

/** `npm run events:resend`: puts events of the feed on the EventBridge bus again. */
import { setTimeout as wait } from 'node:timers/promises';
import { eventBridgeBus } from '../functions/feed/event-bus.ts';
import { FeedStore } from '../functions/feed/feed-store.ts';
import { LedgerStore } from '../functions/invoices/ledger-store.ts';
import { NAMES } from '../local/function-environment.ts';
import { noWords, requiredPortal } from './command-line/argument-values.ts';
import { busClient } from './command-line/events-resend/bus-client.ts';
import { type ResendResult, resendEvents } from './command-line/events-resend/resend-events.ts';
import { resendRange } from './command-line/events-resend/resend-range.ts';
import { explainFailure } from './command-line/explain-failure.ts';
import { progressBar } from './command-line/progress-bar.ts';
import { runTool, UsageError } from './command-line/run-tool.ts';
import {
  isLoopback,
  serviceEndpoint,
  TABLE_HELP,
  TABLE_OPTIONS,
  tableAccess,
} from './command-line/service-access.ts';

const HELP = `
Puts events of the change feed on the EventBridge bus again, for receivers that missed them. They
are the same as the first time, the event id included.

  npm run events:resend -- --portal ID --from NUMBER|DATE [--to NUMBER|DATE] [--dry-run]

  --portal ID        Whose events.
  --from, --to       Numbers of the feed (the "next" of GET /v1/events), dates (whole days in UTC)
                     or date-times; both ends are included. Without --to, up to the newest.
  --dry-run          Count them, and send nothing.
  --bus NAME         The bus (the data stack's output EventBusName). Default: EVENT_BUS_NAME.
  --bus-endpoint URL EventBridge somewhere else than on AWS. Default: AWS_ENDPOINT_URL_EVENTBRIDGE.
${TABLE_HELP}

Exit code 0: all were sent. 1: the bus refused some. 2: wrong arguments.
`;

/** As many of the refused numbers as help. */
const LISTED = 20;

await runTool({
  name: 'events:resend',
  help: HELP,
  options: {
    portal: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    bus: { type: 'string' },
    'bus-endpoint': { type: 'string' },
    ...TABLE_OPTIONS,
  },
  run: async (values, words) => {
    noWords(words);
    const portalId = requiredPortal(values.portal);
    const range = resendRange(values.from, values.to);
    const isDryRun = values['dry-run'];
    const endpoint = serviceEndpoint(values['bus-endpoint'], 'AWS_ENDPOINT_URL_EVENTBRIDGE');
    const busName =
      values.bus ||
      process.env.EVENT_BUS_NAME ||
      (isLoopback(endpoint) || isDryRun ? NAMES.eventBus : undefined);
    if (!busName) {
      throw new UsageError(
        "Which bus? Pass --bus with the data stack's output EventBusName, or set EVENT_BUS_NAME.",
      );
    }
    const access = tableAccess(values);
    const tableEndpoint = serviceEndpoint(values.endpoint, 'AWS_ENDPOINT_URL_DYNAMODB');
    if (endpoint === undefined && isLoopback(tableEndpoint) && !isDryRun) {
      throw new UsageError(
        'The table is a local one, and the bus would be on AWS. Pass --bus-endpoint too, or --dry-run.',
      );
    }
    const bus = busClient(endpoint);
    const progress = progressBar('numbers', 0);
    const { timeZone } = await new LedgerStore(access).settings(portalId);
    try {
      const result = await resendEvents({
        feed: new FeedStore(access),
        portalId,
        range,
        busName,
        timeZone,
        putOnBus: isDryRun ? undefined : eventBridgeBus(bus.client, wait),
        onProgress: progress.update,
      });
      progress.stop();
      console.log(sentence(result, busName, isDryRun));
      const failure = bus.lastFailure();
      if (failure !== undefined) console.error(explainFailure(failure));
      return result.refused.length === 0 ? 0 : 1;
    } finally {
      progress.stop();
      access.close();
    }
  },
});

function sentence(
  { sent, refused, isCutShort, first, last }: ResendResult,
  busName: string,
  isDryRun: boolean,
): string {
  if (first === undefined) return 'The feed has no event there (older ones than its retention are gone).';
  const events = `${sent} ${sent === 1 ? 'event' : 'events'} (of numbers ${first} to ${last})`;
  if (isDryRun) return `${events} would go on the bus ${busName}. Nothing was sent.`;
  if (refused.length === 0) return `${events} went on the bus ${busName} again.`;
  const listed = refused.slice(0, LISTED).join(', ') + (refused.length > LISTED ? ' …' : '');
  const why = isCutShort ? ' It takes nothing now, so the rest was not offered.' : '';
  return `${events} went on the bus ${busName} again; it refused ${refused.length}: ${listed}.${why} Run the tool again with --from ${refused[0]}.`;
}

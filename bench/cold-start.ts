import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { signV2 } from '../functions/hubspot/request-signature.ts';
import { rowPartition } from '../functions/invoices/ledger-keys.ts';
import { functionBundling } from '../lib/function-bundling.ts';
import { startAwsServices } from '../local/aws/aws-services.ts';
import { gatewayEvent } from '../local/gateway/gateway-event.ts';
import { matchRoute } from '../local/gateway/match-route.ts';
import { atMost, type Figure } from './figure.ts';
import { LARGE_DEAL, type LedgerFixture, PORTAL, TABLE } from './ledger-fixture.ts';
import { median } from './statistics.ts';

const RUNS = 10;
/** For every secret alike: ticket keys must be long. */
const SECRET = 'bench-secret-bench-secret-bench-secret';
const PUBLIC_BASE_URL = 'https://ledgerbridge.example.com';
const repository = fileURLToPath(new URL('..', import.meta.url));

/** Fresh processes, from their start to the first answer: the bundled card function against a bare one that makes the same query. */
export async function coldStart({ dynamodb }: LedgerFixture): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ledgerbridge-bench-'));
  const aws = await startAwsServices({ secret: () => SECRET, onEvent: () => undefined });
  try {
    const [card, bare] = [join(folder, 'card.mjs'), join(folder, 'bare.mjs')];
    const contents = await bundle(`${repository}functions/handlers/card.ts`, card);
    await bundle(`${repository}bench/bare-handler.ts`, bare);
    const eventFile = join(folder, 'event.json');
    await writeFile(eventFile, JSON.stringify(signedEvent()));
    const environment = {
      PATH: process.env.PATH ?? '',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
      LEDGER_TABLE: TABLE,
      PUBLIC_BASE_URL,
      HUBSPOT_CLIENT_SECRET_ID: 'hubspot',
      LEDGER_TOKENS_SECRET_ID: 'tokens',
      TICKET_KEY_SECRET_ID: 'tickets',
      EVENT_BUS_NAME: 'bus',
      POWERTOOLS_SERVICE_NAME: 'card',
      POWERTOOLS_METRICS_NAMESPACE: 'Bench',
      POWERTOOLS_LOG_LEVEL: 'WARN',
      BENCH_PARTITION: rowPartition(PORTAL, LARGE_DEAL),
    };
    const [cards, bares]: [number[], number[]] = [[], []];
    for (let run = -1; run < RUNS; run++) {
      const times = [
        await firstAnswer(bare, eventFile, environment),
        await firstAnswer(card, eventFile, environment),
      ] as const;
      if (run < 0) continue;
      bares.push(times[0]);
      cards.push(times[1]);
    }
    const kilobytes = (await stat(card)).size / 1000;
    return [
      { name: 'bare handler with one query (median)', measured: `${median(bares).toFixed(0)} ms` },
      { name: 'card function (median)', measured: `${median(cards).toFixed(0)} ms` },
      atMost('  card against bare', median(cards) / median(bares), 1.3, ' times'),
      atMost('card function’s bundle', kilobytes, 600, ' kB', 0),
      withoutHubSpotClient(contents),
    ];
  } finally {
    await aws.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundle(entry: string, outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    ...functionBundling,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
    metafile: true,
  });
  return metafile;
}

/** Neither HubSpot's own client nor our gateway is in the bundle. */
function withoutHubSpotClient({ outputs }: Metafile): Figure {
  const clients = Object.values(outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .filter((file) =>
      /node_modules\/@hubspot\/|functions\/hubspot\/(?:hubspot-gateway|send-call)/.test(file),
    );
  return {
    name: '  HubSpot client in it',
    measured: clients[0] ?? 'none',
    bound: 'none',
    holds: clients.length === 0,
  };
}

/** Milliseconds from starting the process to its first answer. */
async function firstAnswer(bundled: string, eventFile: string, env: Record<string, string>): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [`${repository}bench/invoke-once.mjs`, bundled, eventFile], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let answeredAt = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (answeredAt === 0 && output.includes('\nanswered 200')) answeredAt = performance.now();
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (answeredAt === 0) throw new Error(`A cold start ended without an answer: ${output}`);
  return answeredAt - startedAt;
}

/** A card's data fetch with HubSpot's older signature, which has no time in it. */
function signedEvent() {
  const target = `/hubspot/card?userId=1&userEmail=rep@example.com&associatedObjectId=${LARGE_DEAL}&associatedObjectType=DEAL&portalId=${PORTAL}`;
  const body = Buffer.alloc(0);
  const signature = signV2({ method: 'GET', uri: `${PUBLIC_BASE_URL}${target}`, body }, SECRET);
  const headers = { 'x-hubspot-signature': signature, 'x-hubspot-signature-version': 'v2' };
  const match = matchRoute('GET', '/hubspot/card');
  if (!match) throw new Error('There is no route for the card.');
  return gatewayEvent({ method: 'GET', target, headers, body }, '/hubspot/card', match, Date.now());
}

import { atMost, type Figure } from './figure.ts';
import { PORTAL } from './ledger-fixture.ts';
import { SimulatedClock } from './sync-clock.ts';
import { fetchFrom, IN_FLIGHT, LIMIT, limitedHubSpot, simulatedRun } from './sync-simulation.ts';
import { startSurroundings } from './sync-surroundings.ts';

const PRODUCTS = 20_000;
const BATCH = 100;
const LOOP_RECORDS = 500;

/** 20,000 products through HubSpot's limit and latency, against the best there could be, and against one call a record. */
export async function syncThroughput(): Promise<Figure[]> {
  const surroundings = await startSurroundings();
  const { AWS_ENDPOINT_URL_DYNAMODB = '', SYNC_TABLE = '' } = surroundings.environment;
  const run = await simulatedRun(PRODUCTS, { dynamodb: AWS_ENDPOINT_URL_DYNAMODB, tableName: SYNC_TABLE });
  await surroundings.close();
  if (run.records !== PRODUCTS || run.turnedAway > 0) {
    throw new Error(`HubSpot has ${run.records} products and turned ${run.turnedAway} calls away.`);
  }
  const fewestCalls = PRODUCTS / BATCH;
  const [best, ours] = [PRODUCTS / (bestTime(fewestCalls) / 1000), PRODUCTS / (run.simulatedMs / 1000)];
  const loop = await oneByOne(LOOP_RECORDS);
  const kind = `${run.propertyReads} of them reading properties`;
  return [
    {
      name: '20,000 products, on the simulated clock',
      measured: `${(run.simulatedMs / 1000).toFixed(2)} s`,
    },
    { name: '  the same on the real clock of this machine', measured: `${(run.realMs / 1000).toFixed(1)} s` },
    {
      name: `best possible: call k starts at max(start k−${IN_FLIGHT} + ${LIMIT.latencyMs} ms, start k−${LIMIT.calls} + 10 s)`,
      measured: `${best.toFixed(0)} records/s`,
    },
    { name: 'records a second', measured: `${ours.toFixed(0)} records/s` },
    atLeast('  against the best possible', (ours / best) * 100, 90, ' %', 1),
    atMost(
      `calls to HubSpot: ${run.calls}, ${kind}, against ${fewestCalls}`,
      run.calls / fewestCalls,
      1.05,
      ' times',
      3,
    ),
    { name: `one POST a record, ${LOOP_RECORDS} records`, measured: `${loop.toFixed(2)} records/s` },
    atLeast('  ours against that', ours / loop, 30, ' times', 0),
  ];
}

/**
 * The least time (milliseconds) in which so many calls can be made: each starts as soon as one of those in flight has ended, and the one
 * that the limit counts with it has left the window.
 */
function bestTime(calls: number): number {
  const starts: number[] = [];
  for (let call = 0; call < calls; call++) {
    const free = (starts[call - IN_FLIGHT] ?? -LIMIT.latencyMs) + LIMIT.latencyMs;
    const allowed = (starts[call - LIMIT.calls] ?? -LIMIT.windowMs) + LIMIT.windowMs;
    starts.push(Math.max(free, allowed));
  }
  return (starts.at(-1) ?? 0) + LIMIT.latencyMs;
}

/** Records a second of the loop in HubSpot's migration guide: one POST for each product, one after the other. */
async function oneByOne(records: number): Promise<number> {
  const clock = new SimulatedClock();
  const hubspot = limitedHubSpot(clock);
  const request = fetchFrom(hubspot);
  const loop = async (): Promise<void> => {
    for (let number = 1; number <= records; number++) {
      const properties = { name: `Euro pallet, lot ${number}`, hs_sku: `PAL-${number}`, price: '138.50' };
      const { status } = await request('https://hubspot.example.com/crm/objects/2026-03/products', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ properties }),
      });
      if (status !== 201) throw new Error(`HubSpot answered ${status} to a product.`);
    }
  };
  const startedAt = clock.now();
  await clock.run(loop());
  const taken = clock.now() - startedAt;
  if (hubspot.counts(PORTAL, 'products').live !== records) throw new Error('The loop lost a product.');
  hubspot.close();
  return records / (taken / 1000);
}

const atLeast = (name: string, value: number, bound: number, unit: string, digits: number): Figure => ({
  name,
  measured: `${value.toFixed(digits)}${unit}`,
  bound: `at least ${bound}${unit}`,
  holds: value >= bound,
});

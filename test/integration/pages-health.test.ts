import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { REFUSED_PRODUCT, sampleProducts } from '../../local/sync-page/sample-records.ts';
import { eventually } from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1' });
}, 60_000);
afterAll(() => simulator?.stop());

/** The page as the card's settings open it. */
async function healthPage(): Promise<string> {
  const card = await (await fetch(`${simulator.url}/_page/deals/7401/card`)).json();
  return (await fetch(card.body.settingsAction.uri)).text();
}

test('the health page tells how the sync stands: what is in HubSpot, and what HubSpot refused', async () => {
  expect(await healthPage()).toContain('None is in HubSpot yet.');
  const samples = sampleProducts(Date.now());
  const refused = samples.filter(({ externalId }) => externalId === REFUSED_PRODUCT);
  const accepted = samples.filter(({ externalId }) => externalId !== REFUSED_PRODUCT).slice(0, 2);
  const answer = await fetch(`${simulator.url}/v1/products`, {
    method: 'POST',
    headers: { authorization: 'Bearer local-ledger-token', 'content-type': 'application/json' },
    body: JSON.stringify({ records: [...accepted, ...refused] }),
  });
  expect(answer.status).toBeLessThan(300);
  const page = await eventually(
    healthPage,
    (text) => text.includes('1 product is left out') && text.includes('Nothing waits.'),
  );
  expect(page).toContain('2 products are in HubSpot as sent.');
  expect(page).toMatch(
    /<dt>Could not be synced<\/dt><dd><span class="tag tag-bad">Needs attention<\/span> 1 product is left out/,
  );
}, 30_000);

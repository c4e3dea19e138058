import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { KEY_PROPERTIES } from '../../functions/hubspot/key-property.ts';
import { STANDARD_GROUPS } from '../../local/hubspot/property-definition.ts';
import {
  MISSING_PROPERTY,
  REFUSED_CONTACT,
  REFUSED_PRODUCT,
  SAMPLE_CONTACTS,
  SAMPLE_PRODUCTS,
  sampleProducts,
} from '../../local/sync-page/sample-records.ts';
import { launchBrowser } from '../support/browser.ts';
import { picture } from '../support/picture.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A lost create is looked for once its attempt has ended, 15 s after its start: the page shows it waiting until then. */
const HEALS_WITHIN_MS = 60_000;

let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
});
beforeEach(async () => {
  complaints.length = 0;
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const failure = (externalId: string) =>
  page.getByRole('region', { name: 'Failures' }).getByRole('row').filter({ hasText: externalId });
const said = (text: string | RegExp, timeout = HEALS_WITHIN_MS) =>
  page.locator('#standing').filter({ hasText: text }).waitFor({ timeout });

describe('the sync page on the simulator', () => {
  let simulator: RunningSimulator;

  beforeEach(async () => {
    simulator = await startSimulator({
      LOCAL_EMPTY: '1',
      SETTLE_S: '1',
      SEARCH_LAG_S: '2',
      RETRY_CAP_S: '2',
    });
    await page.goto(`${simulator.url}/sync`);
  }, 60_000);
  afterEach(async () => {
    // First, since the page asks every moment, and would complain of a simulator that is gone.
    await page.close();
    await simulator?.stop();
  });

  /** HubSpot itself, asked past the page; a body makes it a POST. */
  const askHubSpot = async (path: string, body?: object) => {
    const url = /HubSpot's API\s+(http:\S+)/.exec(simulator.output())?.[1];
    const answer = await fetch(`${url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: 'Bearer local-hubspot-token', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    expect(answer.status).toBeLessThan(300);
    return answer.json();
  };
  /** As `npm run hubspot:setup` does. */
  const createKeyProperty = (type: ObjectType) =>
    askHubSpot(`/crm/v3/properties/${type}`, {
      ...{ name: KEY_PROPERTIES[type], label: 'External id', type: 'string', fieldType: 'text' },
      ...{ groupName: STANDARD_GROUPS[type], hasUniqueValue: true },
    });
  const keysInHubSpot = async (): Promise<string[]> => {
    const key = KEY_PROPERTIES.products;
    const { results } = await askHubSpot(`/crm/v3/objects/products?limit=100&properties=${key}`);
    return results.map((record: { properties: Record<string, string> }) => record.properties[key]).sort();
  };
  const sendProduct = async (product: object): Promise<void> => {
    const answer = await fetch(`${simulator.url}/v1/products`, {
      method: 'POST',
      headers: { authorization: 'Bearer local-ledger-token', 'content-type': 'application/json' },
      body: JSON.stringify({ records: [{ updatedAt: new Date().toISOString(), ...product }] }),
    });
    expect(answer.status).toBe(202);
  };

  test('a run with 503s and a lost answer heals: each product is in HubSpot once, and a refused one once it is corrected', async () => {
    await createKeyProperty('products');
    await createKeyProperty('contacts');
    await press('Next batch: written, answer lost');
    await press('Next 3 calls: 503');
    await page.getByText('3 calls: answered with 503').waitFor();
    await press(`Send ${SAMPLE_PRODUCTS} products`);
    await page.getByText(`Sent ${SAMPLE_PRODUCTS} products: ${SAMPLE_PRODUCTS} accepted.`).waitFor();
    await said(/Products: \d+ on the way/);
    await page.locator('#counts .count-retry').first().waitFor();
    const lost = page.locator('#calls tr').filter({ hasText: 'the connection broke' });
    await lost.filter({ hasText: '/products/batch/upsert' }).waitFor();
    // Only now, so that the lost answer is one to a write of products.
    await press(`Send ${SAMPLE_CONTACTS} contacts`);
    await said(`Products: ${SAMPLE_PRODUCTS - 1} in HubSpot, 1 failed.`);
    await said(`Contacts: ${SAMPLE_CONTACTS - 1} in HubSpot, 1 failed.`);
    await page.getByText('No faults to come.').waitFor();
    expect(await page.locator('#counts .count-retry, #counts .count-pending').count()).toBe(0);

    const keys = sampleProducts(0).map(({ externalId }) => String(externalId));
    expect(await keysInHubSpot()).toEqual(keys.filter((key) => key !== REFUSED_PRODUCT));
    await page.getByText(`${SAMPLE_PRODUCTS - 1} records`, { exact: true }).waitFor();
    const reason = await failure(REFUSED_PRODUCT).innerText();
    expect(reason).toMatch(/fortnightly was not one of the allowed options/);
    expect(reason).toMatch(/Add the option in HubSpot/);
    await picture(page, 'sync-page', { whole: true });

    await sendProduct({ externalId: REFUSED_PRODUCT, name: 'Shelf 17' });
    await said(`Products: ${SAMPLE_PRODUCTS} in HubSpot.`);
    expect(await keysInHubSpot()).toEqual(keys);
    await page.getByText(`${SAMPLE_PRODUCTS} records`, { exact: true }).waitFor();
    await failure(REFUSED_PRODUCT).waitFor({ state: 'detached' });
  }, 120_000);

  test('a refused contact is replayed by its button, fails again, and goes through once HubSpot is put right', async () => {
    await press(`Send ${SAMPLE_CONTACTS} contacts`);
    await said(`Contacts: ${SAMPLE_CONTACTS - 1} in HubSpot, 1 failed.`);
    const row = failure(REFUSED_CONTACT);
    expect(await row.innerText()).toMatch(/Property "credit_limit" does not exist/);
    const since = () => row.locator('time').getAttribute('datetime');
    const firstFailed = await since();

    await press(`Try again: ${REFUSED_CONTACT}`);
    await page.getByText('One record is tried again.').waitFor();
    await row.locator(`time:not([datetime="${firstFailed}"])`).waitFor();

    await askHubSpot('/crm/v3/properties/contacts', {
      name: MISSING_PROPERTY,
      label: 'Credit limit',
      type: 'number',
      fieldType: 'number',
      groupName: STANDARD_GROUPS.contacts,
    });
    await press('Try all again');
    await said(`Contacts: ${SAMPLE_CONTACTS} in HubSpot.`);
    await row.waitFor({ state: 'detached' });
    await page.getByText('None: HubSpot has refused nothing.').waitFor();
    await page.getByText(`${SAMPLE_CONTACTS} records`, { exact: true }).waitFor();
  }, 120_000);

  test('what has the focus keeps it while the page renews itself around it', async () => {
    const refused = { externalId: 'FOCUS/1', properties: { no_such_property: 'x' } };
    await sendProduct({ ...refused, name: 'Focus' });
    const button = page.getByRole('button', { name: 'Try again: FOCUS/1' });
    await button.focus();
    const drawn = await button.elementHandle();
    await sendProduct({ ...refused, name: 'Focus on' });
    await page.waitForFunction((old) => !old?.isConnected, drawn);
    await page.locator('[aria-label="Try again: FOCUS/1"]:focus').waitFor();

    await sendProduct({ externalId: 'FOCUS/1', deleted: true });
    await page.locator('#failures-title:focus').waitFor();
  });

  test('has nothing for a checker of accessibility to find, and is whole at the width of a phone', async () => {
    await page.locator('#counts tr').first().waitFor();
    await page.evaluate(await readFile(axe, 'utf8'));
    for (const width of [1280, 400]) {
      await page.setViewportSize({ width, height: 900 });
      const found = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))",
      );
      expect(found).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    }
  });
});

test('where HubSpot is another one, the page says so and offers no faults', async () => {
  const simulator = await startSimulator({ LOCAL_EMPTY: '1', HUBSPOT_API_URL: 'http://127.0.0.1:9/hubspot' });
  try {
    await page.goto(`${simulator.url}/sync`);
    await page.getByText('HUBSPOT_API_URL names another HubSpot, http://127.0.0.1:9/hubspot').waitFor();
    expect(await page.getByRole('button', { name: 'Next 3 calls: 503' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: `Send ${SAMPLE_PRODUCTS} products` }).count()).toBe(1);
  } finally {
    await simulator.stop();
  }
});

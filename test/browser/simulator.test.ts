import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { SAMPLE_DEALS } from '../../local/sample-data/sample-deals.ts';
import { launchBrowser } from '../support/browser.ts';
import { picture } from '../support/picture.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';
import { linesOf } from './deal-page-visit.ts';

describe('the deal page on the simulator', () => {
  let simulator: RunningSimulator;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [simulator, browser] = await Promise.all([startSimulator(), launchBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await simulator?.stop();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(10_000);
  });
  afterEach(() => page.close());

  const card = () => page.getByRole('region', { name: 'Invoices' });
  const open = (dealId: string) => page.goto(`${simulator.url}/deals/${dealId}`);
  const put = (invoiceId: string, invoice: object): Promise<Response> =>
    fetch(`${simulator.url}/v1/invoices/${invoiceId}`, {
      method: 'PUT',
      headers: { authorization: 'Bearer local-ledger-token', 'content-type': 'application/json' },
      body: JSON.stringify(invoice),
    });

  test('lists the sample deals, each with what it shows', async () => {
    await page.goto(simulator.url);
    await page
      .getByRole('link', { name: /Brightwater Hotels/ })
      .first()
      .waitFor();
    for (const dealId of Object.values(SAMPLE_DEALS)) {
      expect(await page.locator(`a[href$="/deals/${dealId}"]`).count()).toBeGreaterThan(0);
    }
  });

  test('shows the five most urgent invoices of a deal, the overdue ones first, from the real handler', async () => {
    await open(SAMPLE_DEALS.overview);
    await card().getByText('INV-0042', { exact: true }).waitFor();
    const titles = await card()
      .getByText(/^INV-\d{4}$/)
      .allInnerTexts();
    expect(titles).toEqual(['INV-0042', 'INV-0047', 'INV-0051', 'INV-0055', 'INV-0036']);
    const lines = await linesOf(card());
    expect(lines).toEqual(expect.arrayContaining(['Overdue', 'Open', 'Draft', 'Paid']));
    await picture(page, 'deal-page');
  });

  test('says so where a deal has no invoices', async () => {
    await open(SAMPLE_DEALS.none);
    await card()
      .getByText(/No invoices/)
      .waitFor();
  });

  test('fills the form for an invoice with what is on the deal, and adds it up', async () => {
    await open(SAMPLE_DEALS.two);
    await card().getByRole('button', { name: 'Create invoice' }).click();
    const form = page.frameLocator('dialog iframe');
    await form.locator('[name="lines[1].description"]').waitFor();
    const description = (line: number) => form.locator(`[name="lines[${line}].description"]`).inputValue();
    expect([await description(0), await description(1)]).toEqual([
      'Walnut chair',
      'Delivery and installation',
    ]);
    for (const line of [0, 1]) await form.locator(`[name="lines[${line}].taxRate"]`).fill('19');
    // Twelve at 189.50 with 9.50 off each, and one at 120.00.
    await form.locator('#bar-total').getByText('2,713.20 EUR').waitFor();
    await form.locator('[name="lines[0].description"]').scrollIntoViewIfNeeded();
    await picture(page, 'form');
  });

  test('shows each currency with its own decimals', async () => {
    await open(SAMPLE_DEALS.currencies);
    await card().getByText('ME-3001', { exact: true }).waitFor();
    const text = (await linesOf(card())).join(' ');
    expect(text).toMatch(/4,501\.80/);
    expect(text).toMatch(/1,584,000(?![.\d])/);
    expect(text).toMatch(/936\.375/);
  });

  test('shows texts as texts: markup is not run, and right-to-left names stay in their place', async () => {
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs += 1;
      dialog.dismiss().catch(() => undefined);
    });
    await open(SAMPLE_DEALS.texts);
    await card().getByText('<i>TXT-3</i>', { exact: true }).waitFor();
    const more = card().getByRole('button', { name: /View more/ });
    // Each turns into "View less" when it is clicked.
    while ((await more.count()) > 0) await more.first().click();
    expect((await linesOf(card())).join('\n')).toContain(
      '<script>alert("not run")</script> & <b>not bold</b>',
    );
    expect(dialogs).toBe(0);
  });

  test('a deal with 2,000 invoices shows its card as well', async () => {
    await open(SAMPLE_DEALS.many);
    await card()
      .getByText(/^NL-\d{5}$/)
      .first()
      .waitFor();
    expect(
      await card()
        .getByText(/^NL-\d{5}$/)
        .count(),
    ).toBe(5);
    await card().getByRole('button', { name: 'More card actions' }).click();
    await page.getByRole('menuitem', { name: 'All invoices' }).click();
    const list = page.frameLocator('dialog iframe');
    await list.getByText('2,000 invoices').first().waitFor();
    await picture(page, 'all-invoices');
  });

  test('an invoice that the accounting system sends appears without a reload, and its payment too', async () => {
    await open(SAMPLE_DEALS.none);
    await card()
      .getByText(/No invoices/)
      .waitFor();
    const invoice = {
      number: 'NEW-1',
      dealId: SAMPLE_DEALS.none,
      customer: { name: 'Harbour Lane Studio' },
      currency: 'EUR',
      issueDate: '2026-01-01',
      dueDate: '2099-01-31',
      status: 'open',
      lines: [{ description: 'Chairs', quantity: '4', unitPrice: '250.00', taxRate: '0.19' }],
    };
    expect((await put('NEW-1', invoice)).status).toBe(201);
    await card().getByText('NEW-1', { exact: true }).waitFor();
    expect((await linesOf(card())).join(' ')).toMatch(/1,190\.00/);
    expect((await put('NEW-1', { ...invoice, status: 'paid' })).status).toBe(200);
    await card().getByText('Paid', { exact: true }).waitFor();
  });

  test('is whole at the width of a phone', async () => {
    await page.setViewportSize({ width: 400, height: 900 });
    await open(SAMPLE_DEALS.overview);
    await card().getByText('INV-0042', { exact: true }).waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

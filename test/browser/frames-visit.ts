import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import type { InvoiceJson } from '../../functions/invoices/invoice-json.ts';
import { launchBrowser } from '../support/browser.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

/** An event as the deal page has it from the bus. */
interface ReceivedEvent {
  type: string;
  invoiceId: string;
  actor: { kind: string; email?: string };
  origin: string;
}

export const TOKEN = { authorization: 'Bearer local-ledger-token', 'content-type': 'application/json' };

/**
 * A simulator and a browser for the tests of a file, and a fresh tab for each; a script error or a complaint in its console, such as one about
 * the pages' policy, fails the test.
 */
export function visitFrames() {
  const complaints: string[] = [];
  let simulator: RunningSimulator;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [simulator, browser] = await Promise.all([startSimulator({ LOCAL_EMPTY: '1' }), launchBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await simulator?.stop();
  });
  beforeEach(async () => {
    complaints.length = 0;
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  const card = () => page.getByRole('region', { name: 'Invoices' });

  return {
    page: () => page,
    browser: () => browser,
    url: () => simulator.url,
    card,
    /** What the browser complained of so far; a test that means it to takes it away. */
    complaints,
    /** Opens a deal, and waits for its card. Every record number has a page. */
    openDeal: async (dealId: string): Promise<void> => {
      await page.goto(`${simulator.url}/deals/${dealId}`);
      await card().and(page.locator('[aria-busy=false]')).waitFor();
    },
    /** Chooses a row's action from its menu. */
    choose: async (title: string, label: string): Promise<void> => {
      await page.getByRole('button', { name: `Actions for ${title}`, exact: true }).click();
      await page.getByRole('menuitem', { name: label, exact: true }).click();
    },
    /** The page within the modal, once it is drawn. */
    frame: async (): Promise<Frame> => {
      const element = await page.locator('dialog iframe').elementHandle();
      const frame = await element?.contentFrame();
      if (!frame) throw new Error('There is no frame.');
      await frame.locator('h1').waitFor({ state: 'attached' });
      return frame;
    },
    /** Shows an address in a frame of this size, on a page of the simulator's that doesn't close it. */
    embed: async (address: string, width: number, height = 800): Promise<Frame> => {
      await page.goto(`${simulator.url}/health`);
      await page.setViewportSize({ width: width + 40, height: height + 40 });
      await page.evaluate(
        (attributes) =>
          document.body.replaceChildren(Object.assign(document.createElement('iframe'), attributes)),
        { src: address, width: String(width), height: String(height) },
      );
      const frame = await (await page.locator('iframe').elementHandle())?.contentFrame();
      if (!frame) throw new Error('There is no frame.');
      await frame.waitForURL(address);
      await frame.locator('h1').waitFor({ state: 'attached' });
      return frame;
    },
    whenClosed: () => page.locator('dialog').waitFor({ state: 'detached' }),
    /** The address of a frame, by the label of the card's action that opens it. */
    frameAddress: async (dealId: string, label: string): Promise<string> => {
      const { body } = await (await fetch(`${simulator.url}/_page/deals/${dealId}/card`)).json();
      const actions = [
        ...body.results.flatMap((result: { actions?: object[] }) => result.actions ?? []),
        body.primaryAction,
        ...body.secondaryActions,
        body.settingsAction,
      ];
      return actions.find((action: { label: string }) => action.label === label).uri;
    },
    /** Sends an invoice as the accounting system does; an open one of 1,190.00 EUR where nothing else is said. */
    send: async (number: string, dealId: string, said: object = {}): Promise<void> => {
      const answer = await fetch(`${simulator.url}/v1/invoices/${number}`, {
        method: 'PUT',
        headers: TOKEN,
        body: JSON.stringify({
          number,
          dealId,
          customer: { name: 'Harbour Lane Studio', email: 'books@harbour.example' },
          currency: 'EUR',
          issueDate: '2026-01-02',
          dueDate: '2099-01-31',
          status: 'open',
          lines: [{ description: 'Chairs', quantity: '4', unitPrice: '250.00', taxRate: '0.19' }],
          ...said,
        }),
      });
      expect(answer.status).toBe(201);
    },
    /** What the ledger has of a deal. */
    ledger: async (dealId: string): Promise<InvoiceJson[]> => {
      const answer = await fetch(`${simulator.url}/v1/deals/${dealId}/invoices`, { headers: TOKEN });
      return (await answer.json()).invoices;
    },
    /** Waits until the accounting system got an event of this type about the invoice. */
    event: async (type: string, invoiceId: string): Promise<ReceivedEvent> => {
      for (let tries = 0; tries < 200; tries++) {
        const { events } = await (await fetch(`${simulator.url}/_page/events`)).json();
        const found = events.find(
          (event: ReceivedEvent) => event.type === type && event.invoiceId === invoiceId,
        );
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`No ${type} of ${invoiceId} arrived.`);
    },
  };
}

import type { Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { answered, type MadeUpWorld, serveDealPage } from './deal-page-server.ts';

/** A promise, and the function that resolves it. */
export const gate = <Value>() => {
  let release = (_value: Value): void => undefined;
  const held = new Promise<Value>((resolve) => {
    release = resolve;
  });
  return { held, release };
};

/** What a reader sees of an element, as lines; every kind of space counts as one. */
export const linesOf = async (locator: Locator): Promise<string[]> => {
  const texts = await locator.allInnerTexts();
  return texts
    .join('\n')
    .replaceAll(/[\u00a0\u202f]/g, ' ')
    .split(/\s*\n\s*/);
};

/**
 * Opens a browser for the tests of a file, and a fresh tab with an unspoilt world for each; a script error or a
 * complaint in the tab's console fails the test.
 */
export const visitDealPage = () => {
  const world: MadeUpWorld = {
    answerCard: async () => answered({ results: [] }),
    runAction: async () => ({ status: 200, body: {} }),
    events: [],
    cardFetches: 0,
  };
  const unspoilt = { ...world };
  const complaints: string[] = [];
  let url: string;
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    ({ url, server } = await serveDealPage(world));
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  beforeEach(async () => {
    Object.assign(world, unspoilt);
    complaints.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    page.setDefaultTimeout(5_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const card = () => page.getByRole('region', { name: 'Invoices' });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const hook = (label: string, extra: object = {}) => ({
    type: 'ACTION_HOOK',
    httpMethod: 'POST',
    uri: `${url}/hubspot/${label}?version=3`,
    label,
    associatedObjectProperties: [],
    ...extra,
  });

  return {
    world,
    complaints,
    page: () => page,
    url: () => url,
    /** Opens a deal whose card answers this, and waits until it is there. */
    open: async (body: unknown, status = 200): Promise<void> => {
      world.answerCard = async () => answered(body, status);
      await page.goto(`${url}/deals/101`);
      await card().and(page.locator('[aria-busy=false]')).waitFor();
    },
    card,
    row: (title: string) => card().getByRole('listitem').filter({ hasText: title }),
    button,
    choose: async (title: string, label: string): Promise<void> => {
      await button(`Actions for ${title}`).click();
      await page.getByRole('menuitem', { name: label, exact: true }).click();
    },
    /** How many pixels the page is wider than the window. */
    overflow: () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    /** The accessible name of what has the focus, or its text. */
    focused: () =>
      page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
      ),
    whenFocused: (label: string) => page.locator(`[aria-label="${label}"]:focus`).waitFor(),
    hook,
    confirmed: (label: string, extra: object = {}) =>
      hook(label, {
        type: 'CONFIRMATION_ACTION_HOOK',
        confirmationMessage: 'The customer will no longer owe 1,190.00 EUR.',
        confirmButtonText: 'Void invoice',
        cancelButtonText: 'Keep it',
        ...extra,
      }),
    frame: (label: string, width = 800, height = 560) => ({
      type: 'IFRAME',
      width,
      height,
      uri: `${url}/frame?for=${encodeURIComponent(label)}`,
      label,
      associatedObjectProperties: [],
    }),
  };
};

import { describe, expect, test } from '@jest/globals';
import { findings } from './axe.ts';
import { visitFrames } from './frames-visit.ts';

describe('the list of all invoices', () => {
  const { page, card, send, openDeal, frame, frameAddress, whenClosed, ledger } = visitFrames();

  test('with the longest numbers, names and amounts sticks out nowhere, and leaves the customer room', async () => {
    const deal = '7301';
    await send('N'.repeat(60), deal, {
      customer: { name: 'D'.repeat(255) },
      currency: 'KWD',
      lines: [{ description: 'Chairs', quantity: '1', unitPrice: '999999999999999' }],
    });
    for (const width of [800, 400]) {
      await page().setViewportSize({ width, height: 900 });
      await page().goto(await frameAddress(deal, 'All invoices'));
      expect(await findings(page().mainFrame())).toEqual([]);
      const { overflow, customer } = await page().evaluate(() => ({
        overflow: [document.documentElement, ...document.querySelectorAll('table')].map(
          ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
        ),
        customer: document.querySelector('[data-label=Customer]')?.clientWidth,
      }));
      expect(overflow).toEqual([0, 0]);
      expect(customer).toBeGreaterThanOrEqual(120);
    }
  });

  test('is where a form that it opened leads back to, and its end shows on the card', async () => {
    const deal = '7302';
    await send('B-1', deal);
    await openDeal(deal);
    await page().getByRole('button', { name: 'More card actions' }).click();
    await page().getByRole('menuitem', { name: 'All invoices' }).click();
    const list = await frame();
    await list.getByRole('link', { name: 'Record payment, B-1' }).click();
    await list.getByRole('link', { name: 'Cancel', exact: true }).click();
    await list.getByRole('link', { name: 'Record payment, B-1' }).click();
    await list.getByLabel('Amount in EUR').fill('595');
    await list.getByRole('button', { name: 'Record payment', exact: true }).click();
    await list.getByText('595.00 EUR recorded on B-1. 595.00 EUR is still owed.').waitFor();
    expect(await findings(list)).toEqual([]);
    await list.getByLabel('Status').selectOption('partially_paid');
    await list.getByRole('button', { name: 'Filter', exact: true }).click();
    await list.getByText('recorded on B-1').waitFor({ state: 'detached' });
    await list.getByRole('link', { name: 'Void, B-1' }).waitFor();
    await list.getByRole('button', { name: 'Close', exact: true }).click();
    await whenClosed();
    await card().getByText('Partially paid').waitFor();
    expect(await ledger(deal)).toMatchObject([{ status: 'partially_paid', balance: '595.00' }]);
  });
});

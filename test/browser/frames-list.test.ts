import { describe, expect, test } from '@jest/globals';
import { findings } from './axe.ts';
import { visitFrames } from './frames-visit.ts';

describe('the list of all invoices', () => {
  const { page, send, frameAddress } = visitFrames();

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
});

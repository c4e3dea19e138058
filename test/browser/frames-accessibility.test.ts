import { describe, expect, test } from '@jest/globals';
import { findings } from './axe.ts';
import { TOKEN, visitFrames } from './frames-visit.ts';

const PAGES = [
  { name: 'new', action: 'Create invoice' },
  { name: 'edit', action: 'Edit' },
  { name: 'payment', action: 'Record payment' },
  { name: 'list', action: 'All invoices' },
  { name: 'health', action: 'Connection health' },
];

const DEAL = '7101';

describe('each frame', () => {
  const visit = visitFrames();
  const { page, openDeal, send, frameAddress, embed, complaints } = visit;
  const seed = async (): Promise<void> => {
    if ((await visit.ledger(DEAL)).length > 0) return;
    await send('A-1', DEAL);
    await send('A-2', DEAL, {
      status: 'draft',
      currency: 'KWD',
      customer: { name: 'Harbour Lane Studio', externalId: 'C-2041' },
    });
  };

  test.each(PAGES)(
    '$name: axe-core, run inside it, finds nothing, at 800 and at 400 pixels, and nothing sticks out',
    async ({ action }) => {
      await seed();
      for (const width of [800, 400]) {
        const frame = await embed(await frameAddress(DEAL, action), width);
        expect(await findings(frame)).toEqual([]);
        const overflow = await frame.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
      }
    },
  );

  test('the pages that say what was done, and why something was not, are without a fault inside the frame', async () => {
    await send('A-3', '7103', { status: 'draft' });
    const editing = await frameAddress('7103', 'Edit');
    const edit = await embed(editing, 800);
    await edit.getByRole('button', { name: 'Save and issue' }).click();
    await edit.getByText('A-3 is issued.').waitFor();
    expect(await findings(edit)).toEqual([]);

    const stale = await embed(editing, 800);
    expect(await stale.locator('h1').innerText()).toBe('This can’t be done any more');
    expect(await findings(stale)).toEqual([]);

    await send('A-4', '7104', { status: 'draft' });
    const gone = await embed(await frameAddress('7104', 'Edit'), 800);
    await fetch(`${visit.url()}/v1/invoices/A-4`, { method: 'DELETE', headers: TOKEN });
    await gone.getByRole('button', { name: 'Save as draft' }).click();
    await gone.getByRole('heading', { name: 'Nothing was changed' }).waitFor();
    expect(await findings(gone)).toEqual([]);
    // The browser notes each refusal.
    complaints.length = 0;
  });

  test('axe-core, run inside the modal, finds nothing on the card’s own page, and finds a fault that is planted there', async () => {
    await seed();
    await openDeal(DEAL);
    await visit.card().getByRole('button', { name: 'Create invoice' }).click();
    const form = await visit.frame();
    await form.getByRole('button', { name: 'Save as draft', exact: true }).click();
    await form.locator('#error-summary').waitFor();
    expect(await findings(form)).toEqual([]);
    await form.evaluate(() => document.querySelector('label')?.remove());
    expect((await findings(form)).join()).toMatch(/\blabel: /);
  });

  test('a ticket that is no good gets a friendly page, without a fault either', async () => {
    await page().goto(`${visit.url()}/pages/invoices/new?ticket=forged`);
    expect(await page().locator('h1').innerText()).toBe('This page can’t be opened any more');
    expect(await findings(page().mainFrame())).toEqual([]);
    // The browser notes the 401.
    complaints.length = 0;
  });
});

describe('without the script', () => {
  const visit = visitFrames();

  test('an invoice is made with plain form posts: lines, a mistake, its correction, and a page that says what happened', async () => {
    const context = await visit.browser().newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(await visit.frameAddress('7102', 'Create invoice'));
    expect(await page.locator('#bar-total').innerText()).toBe('0.00 EUR');
    await page.getByLabel('Name').fill('Plain & Simple <Ltd>');
    await page.locator('[name="lines[0].description"]').fill('Chairs');
    await page.getByRole('button', { name: 'Add line' }).click();
    await page.locator('[name="lines[1].description"]').fill('Table');
    await page.locator('[name="lines[1].unitPrice"]').fill('99.90');
    await page.getByRole('button', { name: 'Move up line 2' }).click();
    expect(await page.locator('[name="lines[0].description"]').inputValue()).toBe('Table');
    await page.getByRole('button', { name: 'Save and issue' }).click();
    expect(await page.locator('[id="lines-1-unitPrice-error"]').innerText()).toBe('Enter a price.');
    expect(await page.locator('#bar-total').innerText()).toBe('99.90 EUR');
    await page.locator('[name="lines[1].unitPrice"]').fill('10');
    await page.getByRole('button', { name: 'Save and issue' }).click();
    await page.getByText(/^HS-\d{4}-0001 is issued\. Plain & Simple <Ltd> owes 109\.90 EUR/).waitFor();
    await context.close();
    expect(await visit.ledger('7102')).toMatchObject([{ status: 'open', total: '109.90' }]);
  });
});

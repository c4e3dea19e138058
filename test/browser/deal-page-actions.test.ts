import { describe, expect, test } from '@jest/globals';
import { answered, invoiceRow } from './deal-page-server.ts';
import { gate, linesOf, visitDealPage } from './deal-page-visit.ts';

const { world, page, open, row, button, choose, overflow, focused, whenFocused, hook, confirmed, frame } =
  visitDealPage();
const withActions = (...actions: readonly object[]) => ({ results: [invoiceRow(42, { actions })] });

describe('the actions of the card', () => {
  test('stand where HubSpot puts them: a button, a menu, a gear, and a menu in each row', async () => {
    await open({
      ...withActions(frame('View PDF'), hook('Issue')),
      primaryAction: frame('Create invoice'),
      secondaryActions: [frame('All invoices')],
      settingsAction: frame('Connection'),
    });
    expect(await button('Create invoice').count()).toBe(1);
    expect(await button('Connection').count()).toBe(1);
    await button('More card actions').click();
    expect(await page().getByRole('menuitem').allInnerTexts()).toEqual(['All invoices']);
    await button('Actions for INV-0042').click();
    expect(await page().getByRole('menuitem').allInnerTexts()).toEqual(['View PDF', 'Issue']);
  });

  test('a menu is walked with the keyboard', async () => {
    await open(withActions(frame('View PDF'), frame('Record payment'), hook('Void')));
    await button('Actions for INV-0042').focus();
    const walk: readonly [key: string, focus: string][] = [
      ['ArrowDown', 'View PDF'],
      ['ArrowDown', 'Record payment'],
      ['End', 'Void'],
      ['ArrowDown', 'View PDF'],
      ['ArrowUp', 'Void'],
      ['Home', 'View PDF'],
      ['r', 'Record payment'],
      ['Escape', 'Actions for INV-0042'],
      ['ArrowUp', 'Void'],
      ['Tab', 'View more of INV-0042'],
    ];
    for (const [key, expected] of walk) {
      await page().keyboard.press(key);
      expect([key, await focused()]).toEqual([key, expected]);
    }
    expect(await button('Actions for INV-0042').getAttribute('aria-expanded')).toBe('false');
  });

  test('a hook is run as it was sent; its message is a toast, the card is fetched again, the focus returns', async () => {
    const sent: unknown[] = [];
    await open(withActions(hook('Issue', { extra: 'kept' })));
    world.runAction = async (dealId, action) => {
      sent.push(dealId, action);
      world.answerCard = async () =>
        answered({ results: [invoiceRow(42, { status: 'paid', actions: [hook('x')] })] });
      return { status: 200, body: { message: 'INV-0042 is issued.' } };
    };
    await choose('INV-0042', 'Issue');
    await page().getByRole('status').getByText('INV-0042 is issued.').waitFor();
    await row('INV-0042').getByText('Paid').waitFor();
    await whenFocused('Actions for INV-0042');
    expect(sent).toEqual(['101', hook('Issue', { extra: 'kept' })]);
  });

  test.each([
    [{ status: 409, body: { message: 'It is paid already.' } }, 'alert', 'It is paid already.'],
    [{ status: 500, body: 'oops' }, 'alert', 'Error: Action failed with status 500'],
    [{ status: 200, body: null }, 'status', 'Issue succeeded.'],
  ] as const)('the answer %j shows its %s', async (answer, role, message) => {
    await open(withActions(hook('Issue')));
    world.runAction = async () => answer;
    await choose('INV-0042', 'Issue');
    await page().getByRole(role).getByText(message, { exact: true }).waitFor();
    const fetchesAfterAction = world.cardFetches;
    expect(fetchesAfterAction).toBeGreaterThanOrEqual(2);
  });

  test('while a call is in flight no other can begin', async () => {
    const { held, release } = gate<{ status: number; body: unknown }>();
    let runs = 0;
    await open({ ...withActions(hook('Issue')), primaryAction: hook('Create') });
    world.runAction = () => {
      runs += 1;
      return held;
    };
    await button('Create').dblclick();
    expect(await button('Create').isDisabled()).toBe(true);
    expect(await button('Actions for INV-0042').isDisabled()).toBe(true);
    release({ status: 200, body: {} });
    await button('Create').and(page().locator(':enabled')).waitFor();
    expect(runs).toBe(1);
  });

  test('a confirmation asks in its own words; only a yes runs the hook, and only a DELETE is red', async () => {
    let runs = 0;
    await open(withActions(confirmed('Void INV-0042'), confirmed('Delete', { httpMethod: 'DELETE' })));
    world.runAction = async () => {
      runs += 1;
      return { status: 200, body: { message: 'INV-0042 is void.' } };
    };
    const ask = (label: string) => choose('INV-0042', label);
    await ask('Void INV-0042');
    const dialog = page().getByRole('dialog', { name: 'Void INV-0042' });
    expect(await linesOf(dialog.getByRole('paragraph'))).toEqual([
      'The customer will no longer owe 1,190.00 EUR.',
    ]);
    expect(await dialog.locator('.button-danger').count()).toBe(0);
    expect(await focused()).toBe('Keep it');
    await button('Keep it').click();
    await whenFocused('Actions for INV-0042');
    await ask('Delete');
    expect(await linesOf(page().getByRole('dialog').locator('.button-danger'))).toEqual(['Void invoice']);
    await page().keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(runs).toBe(0);
    await ask('Void INV-0042');
    await button('Void invoice').click();
    await page().getByRole('status').getByText('INV-0042 is void.').waitFor();
    expect(runs).toBe(1);
  });
});

describe('a frame', () => {
  const post = (message: unknown) =>
    page()
      .frameLocator('iframe')
      .locator('body')
      .evaluate((_body, sent) => window.parent.postMessage(sent, '*'), message);

  test('has the size that the action asks for, or what the viewport has room for', async () => {
    await open(withActions(frame('Record payment', 640, 480)));
    await choose('INV-0042', 'Record payment');
    await page().getByRole('dialog', { name: 'INV-0042 - Record payment' }).waitFor();
    await page().frameLocator('iframe').getByText('A form').waitFor();
    const box = () => page().locator('iframe').boundingBox();
    expect(await box()).toMatchObject({ width: 640, height: 480 });
    await page().setViewportSize({ width: 400, height: 360 });
    const small = await box();
    expect(small?.width).toBe(384);
    expect((small?.y ?? 0) + (small?.height ?? 0)).toBeLessThanOrEqual(352);
    expect(await overflow()).toBe(0);
  });

  test.each(['DONE', 'CANCEL'])('closes when it says %s, and the card is fetched again', async (action) => {
    await open({ results: [], primaryAction: frame('Create invoice') });
    await button('Create invoice').click();
    world.answerCard = async () => answered(withActions());
    await post(JSON.stringify({ action }));
    await row('INV-0042').waitFor();
    expect(await page().locator('iframe').count()).toBe(0);
  });

  test('stays for a message that is no JSON string, and for one from elsewhere', async () => {
    await open({ results: [], primaryAction: frame('Create invoice') });
    await button('Create invoice').click();
    await post({ action: 'DONE' });
    await post('DONE');
    await page().evaluate(() => window.postMessage('{"action":"DONE"}', '*'));
    await post('{"action":"OTHER"}');
    expect(await page().locator('iframe').count()).toBe(1);
    await button('Close').click();
    await page().locator('iframe').waitFor({ state: 'detached' });
    expect(world.cardFetches).toBe(2);
  });

  test('is not opened at an address that would run a script', async () => {
    await open({ results: [], primaryAction: { ...frame('Create'), uri: 'javascript:document.title=1' } });
    await button('Create').click();
    await page().getByRole('alert').getByText("Create has an address that can't be opened.").waitFor();
    expect(await page().locator('iframe').count()).toBe(0);
  });
});

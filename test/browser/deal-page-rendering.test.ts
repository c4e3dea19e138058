import { describe, expect, test } from '@jest/globals';
import { answered, invoiceRow } from './deal-page-server.ts';
import { gate, linesOf, visitDealPage } from './deal-page-visit.ts';

const {
  world,
  complaints,
  page,
  url,
  open,
  card,
  row,
  button,
  choose,
  overflow,
  focused,
  hook,
  confirmed,
  frame,
} = visitDealPage();
const withActions = (...actions: readonly object[]) => ({ results: [invoiceRow(42, { actions })] });

describe('the states of the card', () => {
  test('it is a skeleton until the answer is there, and then says how long the fetch took', async () => {
    const { held, release } = gate<ReturnType<typeof answered>>();
    world.answerCard = () => held;
    await page().goto(`${url()}/deals/101`);
    expect(await card().getByText('Loading the card').count()).toBe(1);
    expect(await card().getAttribute('aria-busy')).toBe('true');
    release(answered(withActions()));
    await card().getByText('Fetched in 12 ms').waitFor();
    expect(await card().getByText('Loading the card').count()).toBe(0);
  });

  test('an empty card says so and offers nothing that was not sent', async () => {
    await open({ results: [] });
    await card().getByText('No invoices on this deal yet').waitFor();
    expect(await card().getByRole('button').allInnerTexts()).toEqual(['Reload card']);
  });

  test.each([
    ['a status other than 200', 'Unavailable', 503, "The card's address answered with status 503."],
    ['an answer that is no card', '<html>', 200, 'The answer is not an object.'],
  ])('%s is an error with its reason, and trying again helps', async (_what, body, status, reason) => {
    await open(body, status);
    expect(await linesOf(card().getByRole('alert'))).toEqual([
      "This card couldn't be loaded",
      reason,
      'Try again',
    ]);
    world.answerCard = async () => answered(withActions());
    await button('Try again').click();
    await row('INV-0042').waitFor();
    expect(await focused()).toBe('Invoices');
  });
});

describe('an invoice on the card', () => {
  test('shows its declared properties first, three in all, and the rest on demand', async () => {
    await open({ results: [invoiceRow(42, { status: 'overdue' }, ['1234567.500', 'KWD'])] });
    const texts = () => linesOf(row('INV-0042'));
    const first = [
      'INV-0042',
      'Issued',
      'Oct 13, 2026',
      'Status',
      'Overdue',
      'Balance due',
      '1,234,567.500 KWD',
    ];
    expect(await texts()).toEqual([...first, 'View more']);
    await button('View more of INV-0042').click();
    expect(await texts()).toEqual([
      ...first,
      ...['Total', '1,234,567.500 KWD', 'Due date', 'Nov 12, 2026', 'Customer', 'Acme GmbH', 'View less'],
    ]);
    const title = row('INV-0042').getByRole('link', { name: 'INV-0042' });
    expect(await title.getAttribute('href')).toBe('https://books.example.com/invoices/42');
    expect(await title.getAttribute('rel')).toBe('noopener noreferrer');
  });

  test('is text from first to last: nothing in it becomes markup, a script or a dangerous link', async () => {
    const attack = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await open({
      results: [
        invoiceRow(1, {
          title: attack,
          link: 'javascript:document.title=1',
          status: 'unknown',
          properties: [
            { label: attack, dataType: 'STRING', value: attack },
            { label: 'Link', dataType: 'LINK', value: 'javascript:document.title=1', linkLabel: attack },
          ],
          actions: [confirmed(attack, { confirmationMessage: attack })],
        }),
      ],
    });
    await button(`Actions for ${attack}`).click();
    await page().getByRole('menuitem', { name: attack }).click();
    expect(await linesOf(page().getByRole('dialog').getByRole('paragraph'))).toEqual([attack]);
    await button('Keep it').click();
    expect(await card().locator('img, script, a').count()).toBe(0);
    expect(await card().getByText('Invalid property').count()).toBe(1);
    expect(await page().title()).toBe('Acme renewal · Deal');
  });

  test('keeps right-to-left and endless texts in their place, at 1280 and at 400 pixels', async () => {
    const endless = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(
      4,
    );
    const arabic = 'شركة المياه (LLC) 42';
    const properties = [
      { label: endless, dataType: 'STRING', value: endless },
      { label: 'العميل', dataType: 'STRING', value: arabic },
    ];
    const actions = [frame(endless)];
    await open({
      results: [invoiceRow(1, { title: endless, properties, actions }), invoiceRow(2, { title: arabic })],
      primaryAction: frame(endless),
    });
    await button(`View more of ${endless}`).click();
    expect(await card().getByRole('heading', { name: arabic }).getAttribute('dir')).toBe('auto');
    expect(await card().locator('bdi', { hasText: arabic }).count()).toBe(1);
    for (const width of [1280, 900, 400]) {
      await page().setViewportSize({ width, height: 860 });
      await button(`Actions for ${endless}`).click();
      expect(await overflow()).toBe(0);
      await page().keyboard.press('Escape');
    }
  });
});

describe('the page around the card', () => {
  const event = (version: number, type: string) => ({
    eventId: `inv-42@${version}`,
    type,
    at: '2026-10-13T12:00:00.000Z',
    invoiceId: 'inv-42',
    actor: { kind: 'user', email: 'rep@example.com' },
  });

  test('shows an event of the accounting system, and with it the changed card, within two seconds', async () => {
    await open({ results: [] });
    await page().getByText('Waiting for the first event.').waitFor();
    world.answerCard = async () => answered(withActions());
    world.events = [event(2, 'invoice.payment_recorded'), event(1, 'invoice.created')];
    await row('INV-0042').waitFor({ timeout: 2_000 });
    expect(await linesOf(page().locator('#events li').first())).toEqual([
      'Invoice payment recorded',
      'inv-42 by rep@example.com',
      'Oct 13, 2026, 12:00:00 PM',
    ]);
  });

  test('leaves an open menu alone while the card changes behind it, and catches up when it is closed', async () => {
    await open(withActions(frame('View PDF')));
    await button('Actions for INV-0042').click();
    world.answerCard = async () => answered({ results: [invoiceRow(42, { status: 'paid' })] });
    world.events = [event(1, 'invoice.paid')];
    await page().getByText('Invoice paid').waitFor();
    expect(await page().getByRole('menuitem').count()).toBe(1);
    await page().keyboard.press('Escape');
    await row('INV-0042').getByText('Paid').waitFor();
  });

  test('a refetch that shows the same keeps what was unfolded, and uses the newer address of an action', async () => {
    const versioned = (version: number) =>
      withActions(hook('Issue', { uri: `${url()}/hubspot/x?version=${version}` }));
    await open(versioned(3));
    await button('View more of INV-0042').click();
    const sent: unknown[] = [];
    world.runAction = async (_dealId, action) => {
      sent.push(action);
      return { status: 200, body: {} };
    };
    world.answerCard = async () => answered(versioned(4));
    await Promise.all([
      page().waitForResponse((response) => response.url().endsWith('/card')),
      button('Reload card').click(),
    ]);
    await card().and(page().locator('[aria-busy=false]')).waitFor();
    expect(await button('View less of INV-0042').count()).toBe(1);
    await choose('INV-0042', 'Issue');
    await page().getByRole('status').getByText('Issue succeeded.').waitFor();
    expect(sent).toEqual([hook('Issue', { uri: `${url()}/hubspot/x?version=4` })]);
  });

  test('an answer that is overtaken by a newer one is dropped', async () => {
    await open(withActions());
    const { held, release } = gate<ReturnType<typeof answered>>();
    const asked = gate<void>();
    world.answerCard = () => {
      asked.release();
      return held;
    };
    await button('Reload card').click();
    await asked.held;
    world.answerCard = async () => answered({ results: [invoiceRow(43)] });
    await button('Reload card').click();
    await row('INV-0043').waitFor();
    const late = page().waitForResponse((response) => response.url().endsWith('/card'));
    release(answered(withActions()));
    await (await late).finished();
    expect(await row('INV-0043').count()).toBe(1);
  });

  test('a menu that is opened while an answer is under way stays open, and the change follows', async () => {
    await open(withActions(frame('View PDF')));
    const { held, release } = gate<ReturnType<typeof answered>>();
    const asked = gate<void>();
    world.answerCard = () => {
      asked.release();
      return held;
    };
    world.events = [event(1, 'invoice.paid')];
    await asked.held;
    await button('Actions for INV-0042').click();
    const answer = page().waitForResponse((response) => response.url().endsWith('/card'));
    release(answered({ results: [invoiceRow(42, { status: 'paid' })] }));
    await (await answer).finished();
    await card().and(page().locator('[aria-busy=false]')).waitFor();
    expect(await page().getByRole('menuitem').count()).toBe(1);
    await page().keyboard.press('Escape');
    await row('INV-0042').getByText('Paid').waitFor();
  });

  test('says when the simulator is away, and goes on when it is back', async () => {
    await open({ results: [] });
    await page().route('**/_page/events', (route) => route.abort());
    await page().getByText("The simulator doesn't answer. Trying again.").waitFor();
    await page().unroute('**/_page/events');
    world.answerCard = async () => answered(withActions());
    await row('INV-0042').waitFor();
    complaints.length = 0;
  });

  test('has one main landmark and headings in order, and each control has a name', async () => {
    await open({ ...withActions(frame('View PDF')), settingsAction: frame('Connection') });
    expect(await page().getByRole('main').count()).toBe(1);
    const levels = await page()
      .locator('h1, h2, h3')
      .evaluateAll((all) => all.map(({ tagName }) => tagName));
    expect(levels).toEqual(['H1', 'H2', 'H2', 'H3', 'H2', 'H2']);
    const names = await page()
      .locator('button:visible, a:visible')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent));
    expect(names.filter((name) => name.trim() === '')).toEqual([]);
  });

  test('the list of deals leads to a record, with names as text, also on a narrow screen', async () => {
    await page().setViewportSize({ width: 400, height: 860 });
    world.answerCard = async () => answered({ results: [] });
    await page().goto(url());
    expect(await overflow()).toBe(0);
    await page().getByRole('link', { name: '<img src=x onerror=alert(1)> & Söhne' }).click();
    await page().getByRole('heading', { level: 1, name: '<img src=x onerror=alert(1)> & Söhne' }).waitFor();
  });
});

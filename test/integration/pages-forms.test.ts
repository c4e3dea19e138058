import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { invoice } from './action-world.ts';
import { DEAL, hiddenFields, PagesWorld, typedInvoice } from './pages-world.ts';
import { SilentStore } from './silent-store.ts';

const MINUTE = 60_000;

describe('a form is good for one write', () => {
  let world: PagesWorld;
  beforeAll(async () => {
    world = await PagesWorld.start();
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    world.ledger.settings = DEFAULT_SETTINGS;
  });

  const count = async (): Promise<number> =>
    (await world.ledger.store.dealSummary(world.ledger.portalId, DEAL)).invoiceCount;
  const opened = async (target = world.newForm()) => ({
    target,
    hidden: hiddenFields(await world.get(target)),
  });

  test('the same submission again gets the first answer, and another one with its key is 409', async () => {
    const before = await count();
    const { target, hidden } = await opened();
    const first = await world.post(target, { ...hidden, ...typedInvoice() });
    expect(first.status).toBe(201);
    expect(first.text).toMatch(/Draft \w{6} is saved: 119\.00 EUR for Acme GmbH\./);
    const again = await world.post(target, { ...hidden, ...typedInvoice() });
    expect(again.text).toBe(first.text);
    const other = await world.post(target, { ...hidden, ...typedInvoice({ 'lines[0].unitPrice': '200' }) });
    expect(other.status).toBe(409);
    expect(other.text).toContain('already sent with something else');
    expect(await count()).toBe(before + 1);
  });

  test('two at the same moment make one invoice', async () => {
    const before = await count();
    const { target, hidden } = await opened();
    const answers = await Promise.all([1, 2].map(() => world.post(target, { ...hidden, ...typedInvoice() })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(await count()).toBe(before + 1);
  });

  test('a mistake keeps what was typed and does not use the form up', async () => {
    const before = await count();
    const { target, hidden } = await opened();
    const typed = typedInvoice({ 'customer.name': '', 'customer.email': 'a<b', 'lines[0].taxRate': '190' });
    const wrong = await world.post(target, { ...hidden, ...typed });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('value="a&lt;b"');
    expect(wrong.text).toContain('Enter the customer’s name.');
    expect(wrong.text).toContain('Line 1: Enter a percentage from 0 to 100');
    const right = await world.post(target, { ...hiddenFields(wrong), ...typedInvoice() });
    expect(right.status).toBe(201);
    const again = await world.post(target, { ...hidden, ...typedInvoice() });
    expect(again.text).toBe(right.text);
    expect(await count()).toBe(before + 1);
  });

  test('after 15 minutes everything typed is drawn again under a new key, unless it was saved in time', async () => {
    const before = await count();
    const { target, hidden } = await opened();
    world.ledger.now += 15 * MINUTE;
    const late = await world.post(target, { ...hidden, ...typedInvoice() });
    expect(late.status).toBe(409);
    expect(late.text).toContain('open for more than 15 minutes');
    expect(late.text).toContain('value="Acme GmbH"');
    expect(await count()).toBe(before);
    const saved = await world.post(target, { ...hiddenFields(late), ...typedInvoice() });
    expect(saved.status).toBe(201);
    world.ledger.now += 20 * MINUTE;
    const repeated = await world.post(target, { ...hiddenFields(late), ...typedInvoice() });
    expect(repeated.text).toBe(saved.text);
    expect(await count()).toBe(before + 1);
  });

  test('a renewed form keeps its key: what was sent before and after the renewal is one write', async () => {
    const before = await count();
    const { target, hidden } = await opened();
    world.ledger.now += 14 * MINUTE;
    const query = target.replace(/^[^?]*/, '');
    const renewal = await world.post(`/pages/form-token${query}`, { formToken: hidden.formToken ?? '' });
    const { formToken } = JSON.parse(renewal.text);
    const early = await world.post(target, { ...hidden, ...typedInvoice() });
    world.ledger.now += 14 * MINUTE;
    const later = await world.post(target, { ...hidden, formToken, ...typedInvoice() });
    expect([early.status, later.text]).toEqual([201, early.text]);
    expect(await count()).toBe(before + 1);
  });

  test('a form that was opened before its ticket ended is saved after it, renewed or not, for two hours', async () => {
    const before = await count();
    const subject = { page: 'new' as const, dealId: DEAL };
    const target = `/pages/invoices/new?${world.ticketFor(subject, { hours: 0.05 })}`;
    const { hidden } = await opened(target);
    world.ledger.now += 10 * MINUTE;
    expect((await world.get(target)).status).toBe(401);
    expect((await world.post(target, typedInvoice())).status).toBe(401);
    const wrong = await world.post(target, { ...hidden, ...typedInvoice({ 'customer.name': '' }) });
    expect([wrong.status, wrong.text.includes('Enter the customer’s name.')]).toEqual([400, true]);
    const renew = async (formToken = '') =>
      await world.post(`/pages/form-token${target.replace(/^[^?]*/, '')}`, { formToken });
    let { formToken } = hiddenFields(wrong);
    for (let minutes = 0; minutes < 100; minutes += 10) {
      world.ledger.now += 10 * MINUTE;
      ({ formToken } = JSON.parse((await renew(formToken)).text));
    }
    const saved = await world.post(target, { ...hidden, ...typedInvoice(), formToken: formToken ?? '' });
    expect(saved.status).toBe(201);
    world.ledger.now += 14 * MINUTE;
    expect((await renew(formToken)).status).toBe(401);
    expect(await count()).toBe(before + 1);
  });

  test('a form that is late after its ticket’s end is drawn again with what was typed, and is saved then', async () => {
    const before = await count();
    const target = `/pages/invoices/new?${world.ticketFor({ page: 'new', dealId: DEAL }, { hours: 0.05 })}`;
    const { hidden } = await opened(target);
    world.ledger.now += 30 * MINUTE;
    const late = await world.post(target, { ...hidden, ...typedInvoice() });
    expect(late.status).toBe(409);
    expect(late.text).toContain('open for more than 15 minutes');
    expect(late.text).toContain('value="Acme GmbH"');
    expect(await count()).toBe(before);
    const saved = await world.post(target, { ...hiddenFields(late), ...typedInvoice() });
    expect(saved.status).toBe(201);
    world.ledger.now += 100 * MINUTE;
    expect((await world.post(target, { ...hiddenFields(late), ...typedInvoice() })).status).toBe(401);
    expect(await count()).toBe(before + 1);
  });

  test('a form of another user is drawn again instead of being sent in that user’s name', async () => {
    const { hidden } = await opened();
    const other = `/pages/invoices/new?${world.ticketFor({ page: 'new', dealId: DEAL }, { userId: '78' })}`;
    expect((await world.post(other, { ...hidden, ...typedInvoice() })).status).toBe(409);
  });

  test('the policy is held to at submit, with what was typed kept, and to the opening of the form', async () => {
    const { target, hidden } = await opened();
    const before = await count();
    world.ledger.settings = { ...DEFAULT_SETTINGS, policy: { create: { upTo: { EUR: '100.00' } } } };
    const refused = await world.post(target, { ...hidden, ...typedInvoice() });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('value="Acme GmbH"');
    world.ledger.settings = { ...DEFAULT_SETTINGS, policy: { create: { who: ['boss@example.com'] } } };
    expect((await world.get(target)).status).toBe(403);
    expect(await count()).toBe(before);
  });

  test('an edit of what somebody else has changed is 409, keeps what was typed, and leads to the newer invoice', async () => {
    await world.ledger.put('E-1', { status: 'draft' });
    const target = `/pages/invoices/E-1/edit?${world.ticketFor({ page: 'edit', dealId: DEAL, invoiceId: invoice('E-1') })}`;
    const { hidden } = await opened(target);
    await world.ledger.put('E-1', { status: 'draft', customer: { name: 'Somebody else' } });
    const moved = await world.post(target, { ...hidden, ...typedInvoice() });
    expect(moved.status).toBe(409);
    expect(moved.text).toContain('E-1 was changed since you opened it');
    expect(moved.text).toContain('Open it as it is now');
    expect(moved.text).toContain('value="Acme GmbH"');
    expect((await world.ledger.current('E-1'))?.customer.name).toBe('Somebody else');
    const newer = await opened(target);
    expect((await world.post(target, { ...newer.hidden, ...typedInvoice() })).status).toBe(200);
    expect((await world.ledger.current('E-1'))?.total).toBe(11_900n);
  });

  test('the total that was stated for a draft is the one that the form shows and that is issued', async () => {
    await world.ledger.put('S-1', { status: 'draft', total: '1000.00' });
    const target = `/pages/invoices/S-1/edit?${world.ticketFor({ page: 'edit', dealId: DEAL, invoiceId: invoice('S-1') })}`;
    const form = await world.get(target);
    expect(form.text).toContain('<dd class="amount rounding">-190.00 EUR</dd>');
    expect(form.text).toContain('<dd class="amount total">1,000.00 EUR</dd>');
    expect(form.text).toContain('id="bar-total">1,000.00 EUR</strong>');
    const asItIs = typedInvoice({ 'lines[0].quantity': '10', 'lines[0].unitPrice': '100.00' });
    const mistaken = await world.post(target, { ...hiddenFields(form), ...asItIs, 'customer.name': '' });
    expect(mistaken.text).toContain('id="bar-total">1,000.00 EUR</strong>');
    const issued = await world.post(target, { ...hiddenFields(form), ...asItIs, do: 'issue' });
    expect(issued.text).toContain('Acme GmbH owes 1,000.00 EUR');
  });

  test('a draft of just a total is edited without lines, and has its total for as long as it has none', async () => {
    await world.ledger.put('S-2', { status: 'draft', lines: [], total: '1000.00' });
    const target = `/pages/invoices/S-2/edit?${world.ticketFor({ page: 'edit', dealId: DEAL, invoiceId: invoice('S-2') })}`;
    const form = await world.get(target);
    expect(form.text).toContain('id="bar-total">1,000.00 EUR</strong>');
    const blank = { 'lines[0].description': '', 'lines[0].unitPrice': '', 'lines[0].taxRate': '' };
    const renamed = typedInvoice({ ...blank, 'customer.name': 'Acme AG' });
    const saved = await world.post(target, { ...hiddenFields(form), ...renamed });
    expect(saved.text).toContain('S-2 is saved: 1,000.00 EUR for Acme AG.');
    const again = hiddenFields(await world.get(target));
    expect((await world.post(target, { ...again, ...typedInvoice() })).text).toContain('119.00 EUR');
  });

  test.each([
    ['was done', true],
    ['was not done', false],
  ])(
    'where the table gives no answer the form stays, and sent again it gets the first answer: it %s',
    async (_what, written) => {
      const id = written ? 'T-1' : 'T-2';
      await world.ledger.put(id, { status: 'draft', total: '1000.00' });
      const subject = { page: 'edit' as const, dealId: DEAL, invoiceId: invoice(id) };
      const target = `/pages/invoices/${id}/edit?${world.ticketFor(subject)}`;
      const { hidden } = await opened(target);
      world.store = new SilentStore({ documents: world.ledger.documents, tableName: 'actions' }, written);
      const unheard = await world.post(target, { ...hidden, ...typedInvoice({ do: 'issue' }) });
      expect(unheard.status).toBe(503);
      expect(unheard.text).toContain('may or may not have been done');
      expect(unheard.text).not.toContain('Nothing was changed');
      expect(unheard.text).toContain('value="Acme GmbH"');
      expect(world.ledger.reported.at(-1)).toMatchObject([expect.any(String), { name: 'TimeoutError' }]);
      const outside = await world.post(target, { ...hidden, ...typedInvoice() });
      expect(outside.status).toBe(503);
      expect(outside.text).toContain('The ledger gave no answer');
      expect(outside.text).toMatch(/Code: [\w-]+/);
      expect(outside.text).not.toContain('Nothing was changed');

      world.store = world.ledger.store;
      const again = await world.post(target, { ...hiddenFields(unheard), ...typedInvoice({ do: 'issue' }) });
      expect(again.text).toContain(`${id} is issued. Acme GmbH owes 119.00 EUR`);
      const ours = (await world.ledger.events(id)).filter(({ origin }) => origin === 'hubspot');
      expect(ours).toHaveLength(1);
    },
  );

  test('a payment of which nobody heard is recorded once when its form is sent again', async () => {
    await world.ledger.put('T-3');
    const subject = { page: 'payment' as const, dealId: DEAL, invoiceId: invoice('T-3') };
    const target = `/pages/invoices/T-3/payment?${world.ticketFor(subject)}`;
    const { hidden } = await opened(target);
    const paid = { amount: '595', paidAt: '2026-11-22' };
    world.store = new SilentStore({ documents: world.ledger.documents, tableName: 'actions' }, true);
    const unheard = await world.post(target, { ...hidden, ...paid });
    world.store = world.ledger.store;
    expect([unheard.status, unheard.text.includes('may or may not have been done')]).toEqual([503, true]);
    const again = await world.post(target, { ...hiddenFields(unheard), ...paid });
    expect(again.text).toContain('595.00 EUR recorded on T-3. 595.00 EUR is still owed.');
    expect((await world.ledger.current('T-3'))?.payments).toHaveLength(1);
  });

  test('an edit leaves alone what the form does not show', async () => {
    await world.ledger.put('E-2', {
      status: 'draft',
      customer: { name: 'Acme GmbH', externalId: 'C-1' },
      link: 'https://accounting.example.com/E-2',
    });
    const target = `/pages/invoices/E-2/edit?${world.ticketFor({ page: 'edit', dealId: DEAL, invoiceId: invoice('E-2') })}`;
    const { hidden } = await opened(target);
    await world.post(target, { ...hidden, ...typedInvoice() });
    expect(await world.ledger.current('E-2')).toMatchObject({
      customer: { externalId: 'C-1' },
      link: 'https://accounting.example.com/E-2',
      number: 'E-2',
    });
  });

  test('the accounting system’s customer is offered by name, and one that was unticked stays so until it is ticked', async () => {
    await world.ledger.put('E-3', { status: 'draft', customer: { name: 'Acme GmbH', externalId: 'C-1' } });
    const target = `/pages/invoices/E-3/edit?${world.ticketFor({ page: 'edit', dealId: DEAL, invoiceId: invoice('E-3') })}`;
    const form = await world.get(target);
    expect(form.text).toMatch(/value="C-1" checked> Customer C-1 in the accounting system/);
    const { 'customer.externalId': _unticked, ...hidden } = hiddenFields(form);
    const typed = typedInvoice({ 'customer.name': 'Another Ltd' });
    const again = await world.post(target, { ...hidden, ...typed, do: 'add-line' });
    expect(again.text).toMatch(/value="C-1"> Customer C-1 in the accounting system/);
    const saved = await world.post(target, { ...hiddenFields(again), ...typed });
    expect(saved.status).toBe(200);
    expect((await world.ledger.current('E-3'))?.customer).toEqual({ name: 'Another Ltd' });
  });

  test('a payment is recorded once, and one that the invoice cannot take is said beside its field', async () => {
    await world.ledger.put('P-1');
    const target = `/pages/invoices/P-1/payment?${world.ticketFor({ page: 'payment', dealId: DEAL, invoiceId: invoice('P-1') })}`;
    const { hidden } = await opened(target);
    const wrong = await world.post(target, { ...hidden, amount: '-5', paidAt: '2026-11-31' });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('Enter a date that exists');
    const negative = await world.post(target, { ...hidden, amount: '-5', paidAt: '2026-11-22' });
    expect(negative.text).toContain('Enter an amount above zero.');
    const paid = { ...hidden, amount: '595', paidAt: '2026-11-22' };
    const first = await world.post(target, paid);
    expect(first.text).toContain('595.00 EUR recorded on P-1. 595.00 EUR is still owed.');
    expect(await world.ledger.deleteExpiredItems()).toBe(0);
    expect((await world.post(target, paid)).text).toBe(first.text);
    expect((await world.ledger.current('P-1'))?.payments).toHaveLength(1);
  });
});

describe('a payment form that was opened twice', () => {
  let world: PagesWorld;
  beforeAll(async () => {
    world = await PagesWorld.start();
  });
  afterAll(() => world.stop());

  test('records once: the second is drawn again with what is owed by then', async () => {
    await world.ledger.put('P-2');
    const target = `/pages/invoices/P-2/payment?${world.ticketFor({ page: 'payment', dealId: DEAL, invoiceId: invoice('P-2') })}`;
    const hiddenOf = (text: string): Record<string, string> =>
      Object.fromEntries(
        [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [
          name,
          value,
        ]),
      );
    const [one, two] = [hiddenOf((await world.get(target)).text), hiddenOf((await world.get(target)).text)];
    await world.post(target, { ...one, amount: '595', paidAt: '2026-11-22' });
    const second = await world.post(target, { ...two, amount: '1190', paidAt: '2026-11-22' });
    expect(second.status).toBe(409);
    expect(second.text).toContain('The invoice has changed since this form was opened');
    expect(second.text).toContain('595.00 EUR');
    expect((await world.ledger.current('P-2'))?.payments).toHaveLength(1);
    const again = await world.post(target, { ...hiddenOf(second.text), amount: '595', paidAt: '2026-11-22' });
    expect(again.status).toBe(200);
  });
});

describe('a payment form of an invoice that was paid meanwhile', () => {
  let world: PagesWorld;
  beforeAll(async () => {
    world = await PagesWorld.start();
  });
  afterAll(() => world.stop());

  test('is not drawn again, since there is nothing to pay', async () => {
    await world.ledger.put('P-3');
    const target = `/pages/invoices/P-3/payment?${world.ticketFor({ page: 'payment', dealId: DEAL, invoiceId: invoice('P-3') })}`;
    const forms = [hiddenFields(await world.get(target)), hiddenFields(await world.get(target))];
    const [first, second] = [
      await world.post(target, { ...forms[0], amount: '1190', paidAt: '2026-11-22' }),
      await world.post(target, { ...forms[1], amount: '1190', paidAt: '2026-11-22' }),
    ];
    expect([first.status, second.status]).toEqual([200, 409]);
    expect(second.text).toContain('Nothing was changed');
    expect(second.text).not.toContain('<form');
  });
});

describe('what a form is begun with', () => {
  let world: PagesWorld;
  beforeAll(async () => {
    world = await PagesWorld.start();
  });
  afterAll(() => world.stop());

  test('without a HubSpot token it says that the deal’s line items could not be filled in', async () => {
    expect((await world.get(world.newForm())).text).toContain('line items could not be filled in');
  });

  test('the deal’s line items become lines, and a product is found and taken with plain posts', async () => {
    world.ports = {
      hasHubSpotToken: async () => true,
      dealLineItems: async () => ({
        kind: 'lines',
        currency: 'USD',
        lines: [
          {
            description: 'Support <gold>',
            quantity: '3',
            unitPrice: '40',
            discount: '10',
            discountKind: 'rate',
            taxRate: '',
            productExternalId: '',
          },
        ],
      }),
      findProducts: async (_portal, text) => ({
        kind: 'found',
        products: [
          {
            externalId: 'SKU-9',
            name: `Chair ${text}`,
            detail: '12.50 USD',
            unitPrice: '12.50',
            currency: 'USD',
          },
        ],
      }),
    };
    const target = world.newForm();
    const form = await world.get(target);
    expect(form.text).toContain('Support &lt;gold&gt;</textarea>');
    expect(form.text).toMatch(/class="amount total">108\.00 USD</);
    const typed = typedInvoice({ currency: 'USD', 'lines[0].description': 'oak' });
    const found = await world.post(target, { ...hiddenFields(form), ...typed, do: 'find-product:0' });
    expect(found.text).toContain('value="take-product:0:SKU-9"');
    const taken = await world.post(target, { ...hiddenFields(found), ...typed, do: 'take-product:0:SKU-9' });
    expect(taken.text).toContain('Chair oak</textarea>');
    expect(taken.text).toContain('name="lines[0].productExternalId" value="SKU-9"');
    expect(taken.text).toContain('value="12.50"');
    expect(taken.text).toMatch(/data-line-product>Product <span>SKU-9</);
    const dropped = await world.post(target, { ...hiddenFields(taken), ...typed, do: 'drop-product:0' });
    expect(dropped.text).toContain('name="lines[0].productExternalId" value=""');
    const query = target.replace(/^[^?]*/, '');
    expect(JSON.parse((await world.get(`/pages/products${query}&text=ash`)).text)).toMatchObject({
      kind: 'found',
      products: [{ name: 'Chair ash' }],
    });
  });

  test('a product is not taken with a price of another currency, nor with what its description was before', async () => {
    const products = [
      { externalId: 'P-2', name: 'Table', detail: '900.00 USD', unitPrice: '900.00', currency: 'USD' },
    ];
    world.ports = {
      ...world.ports,
      findProducts: async (_portal, text) => ({ kind: 'found', products: text === 'Work' ? products : [] }),
    };
    const target = world.newForm();
    const hidden = hiddenFields(await world.get(target));
    const take = { do: 'take-product:0:P-2' };
    const taken = await world.post(target, { ...hidden, ...typedInvoice(take) });
    expect(taken.text).toContain('This product is priced in USD: enter a price in EUR.');
    expect(taken.text).toMatch(/name="lines\[0\]\.unitPrice"[^>]* value=""/);
    const changed = typedInvoice({ ...take, 'lines[0].description': 'Something else' });
    const gone = await world.post(target, { ...hidden, ...changed });
    expect(gone.text).toContain('find the product again');
    expect(gone.text).toContain('Something else</textarea>');
  });
});

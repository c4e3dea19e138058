import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendOverHttp } from '../support/http-exchange.ts';
import {
  allEvents,
  eventually,
  invoiceBody,
  type LedgerClient,
  ledgerClient,
  listOf,
  unused,
} from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

let simulator: RunningSimulator;
let ledger: LedgerClient;
const PAYMENT = { paymentId: 'bank-1', amount: '90.00', paidAt: '2026-03-01' };

beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1' });
  ledger = ledgerClient(sendOverHttp(simulator.url), 'local-ledger-token');
});
afterAll(async () => {
  await simulator?.stop();
});

const invoice = async (fields: Record<string, unknown> = {}): Promise<string> => {
  const id = unused('PAY-');
  await ledger.put(id, invoiceBody(fields));
  return id;
};

describe('POST /v1/invoices/{invoiceId}/payments', () => {
  test('adds the payment and answers the invoice with what is still owed', async () => {
    const answer = await ledger.pay(await invoice(), PAYMENT);
    expect([answer.status, answer.headers.etag]).toEqual([200, '"2"']);
    expect(answer.body).toMatchObject({
      status: 'partially_paid',
      amountPaid: '90.00',
      balance: '1100.00',
      payments: [PAYMENT],
    });
  });

  test('counts a payment id once, however often and however parallel it is sent', async () => {
    const id = await invoice();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ledger.pay(id, PAYMENT)));
    answers.push(await ledger.pay(id, { ...PAYMENT, amount: '90' }));
    expect(answers.map(({ status, body }) => [status, body.amountPaid, body.version])).toEqual(
      Array(9).fill([200, '90.00', 2]),
    );
    const events = await eventually(
      async () => (await allEvents(ledger)).filter((event) => event.invoiceId === id),
      (found) => found.length >= 2,
    );
    expect(events.map((event) => event.type)).toEqual(['invoice.created', 'invoice.payment_recorded']);
  });

  test('loses none of many different payments sent at once', async () => {
    const id = await invoice();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ledger.pay(id, { ...PAYMENT, paymentId: `p${index}`, amount: '1.00' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await ledger.get(id)).body).toMatchObject({ amountPaid: '20.00', version: 21 });
  });

  test('refuses the same id with another amount: 409 with the current invoice', async () => {
    const id = await invoice();
    const { body: current } = await ledger.pay(id, PAYMENT);
    const answer = await ledger.pay(id, { ...PAYMENT, amount: '91.00' });
    expect([answer.status, answer.body.current]).toEqual([409, current]);
    expect(answer.body.detail).toContain('90.00 EUR');
    expect((await ledger.get(id)).body).toEqual(current);
  });

  test.each(['void', 'draft'])('refuses a payment on a %s invoice: 409', async (status) => {
    const id = await invoice({ status });
    const answer = await ledger.pay(id, PAYMENT);
    expect([answer.status, answer.body.current]).toEqual([409, (await ledger.get(id)).body]);
    expect(answer.body).toMatchObject({ current: { payments: [], version: 1 } });
  });

  test('is 404 for an invoice that does not exist', async () => {
    expect((await ledger.pay('NOT-THERE', PAYMENT)).status).toBe(404);
  });

  test.each([
    ['zero', { amount: '0' }, 'amount'],
    ['zero with decimals', { amount: '0.00' }, 'amount'],
    ['a JSON number', { amount: 90 }, 'amount'],
    ['an exponent', { amount: '9e1' }, 'amount'],
    ['more decimals than the currency', { amount: '0.001' }, 'amount'],
    ['no amount', { amount: undefined }, 'amount'],
    ['no id', { paymentId: undefined }, 'paymentId'],
    ['an empty id', { paymentId: '' }, 'paymentId'],
    ['no date', { paidAt: undefined }, 'paidAt'],
    ['a date that does not exist', { paidAt: '2026-02-30' }, 'paidAt'],
    ['a currency of its own', { currency: 'USD' }, 'currency'],
  ])('refuses %s with 400 by the field’s name', async (_wrong, fields, field) => {
    const id = await invoice();
    const answer = await ledger.pay(id, { ...PAYMENT, ...fields });
    expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, field]);
    expect((await ledger.get(id)).body).toMatchObject({ version: 1, payments: [] });
  });

  test('settles: covered is paid, more than covered has a negative balance, a reversal opens it again', async () => {
    const id = await invoice();
    const pay = async (paymentId: string, amount: string) => {
      const { body } = await ledger.pay(id, { ...PAYMENT, paymentId, amount });
      return [body.status, body.amountPaid, body.balance];
    };
    expect(await pay('1', '1190.00')).toEqual(['paid', '1190.00', '0.00']);
    expect(await pay('2', '10.00')).toEqual(['paid', '1200.00', '-10.00']);
    expect(await pay('3', '-700.00')).toEqual(['partially_paid', '500.00', '690.00']);
    expect(await pay('4', '-500.00')).toEqual(['open', '0.00', '1190.00']);
  });

  test('fills what was told to be paid, and covers a credit note with negative payments', async () => {
    const told = await invoice({ status: 'paid' });
    expect((await ledger.pay(told, PAYMENT)).body).toMatchObject({
      status: 'paid',
      amountPaid: '1190.00',
      balance: '0.00',
    });
    expect((await ledger.pay(told, { ...PAYMENT, paymentId: '2', amount: '1200.00' })).body).toMatchObject({
      status: 'paid',
      amountPaid: '1290.00',
      balance: '-100.00',
    });
    const credit = await invoice({ lines: [{ description: 'Credit', quantity: '-1', unitPrice: '50.00' }] });
    expect((await ledger.pay(credit, PAYMENT)).body).toMatchObject({ status: 'open', balance: '-140.00' });
    expect((await ledger.pay(credit, { ...PAYMENT, paymentId: '2', amount: '-140.00' })).body).toMatchObject({
      status: 'paid',
      balance: '0.00',
    });
  });

  test('stays on a void invoice, whose balance is zero', async () => {
    const id = await invoice();
    await ledger.pay(id, PAYMENT);
    const { body } = await ledger.put(id, invoiceBody({ status: 'void' }));
    expect(body).toMatchObject({ status: 'void', payments: [PAYMENT], balance: '0.00' });
  });

  test('keeps an invoice from becoming a draft, or from another currency, until the payments are sent too: 409', async () => {
    const id = await invoice();
    const { body: current } = await ledger.pay(id, PAYMENT);
    for (const fields of [{ status: 'draft' }, { currency: 'USD' }]) {
      const answer = await ledger.put(id, invoiceBody(fields));
      expect([answer.status, answer.body.current]).toEqual([409, current]);
      expect((await ledger.put(id, invoiceBody({ ...fields, payments: [] }))).status).toBe(200);
      await ledger.put(id, invoiceBody());
      current.version = (await ledger.pay(id, PAYMENT)).body.version;
      Object.assign(current, (await ledger.get(id)).body);
    }
  });

  test('ends at 500 payments: one more is 409 with the invoice as it is', async () => {
    const payments = Array.from({ length: 500 }, (_, index) => ({
      ...PAYMENT,
      paymentId: `${index}`,
      amount: '0.01',
    }));
    const id = await invoice({ payments });
    const current = (await ledger.get(id)).body;
    expect(current.amountPaid).toBe('5.00');
    expect(await ledger.pay(id, PAYMENT)).toMatchObject({
      status: 409,
      body: { type: 'urn:ledgerbridge:problem:too-many-payments', current },
    });
    expect((await ledger.get(id)).body).toEqual(current);
    expect((await ledger.put(id, invoiceBody({ payments: [...payments, PAYMENT] }))).status).toBe(400);
  });
});

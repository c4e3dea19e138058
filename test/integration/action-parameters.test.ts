import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lambdaContext } from '../../local/gateway/gateway-event.ts';
import { ActionWorld, DEAL } from './action-world.ts';

let world: ActionWorld;
beforeAll(async () => {
  world = await ActionWorld.start();
});
afterAll(() => world.stop());

const HUBSPOT = {
  userId: '77',
  userEmail: 'rep@example.com',
  portalId: '987654',
  associatedObjectId: DEAL,
  associatedObjectType: 'DEAL',
};

describe('Parameters', () => {
  test('arrive in a form body, as HubSpot’s legacy cards send them', async () => {
    await world.put('FORM-1');
    const answer = await world.call({
      target: '/hubspot/invoices/FORM-1/payments',
      form: { ...HUBSPOT, paymentId: 'F-1', amount: '595.00', paidAt: '2026-11-22', version: '1' },
    });
    expect(answer).toMatchObject({ status: 200, body: { invoice: { amountPaid: '595.00' } } });
  });

  test('arrive in query and JSON body alike, as HubSpot’s card converter sends them', async () => {
    await world.put('CONVERTER-1');
    const answer = await world.call({
      target: '/hubspot/invoices/CONVERTER-1/void?version=1&appId=42',
      json: { ...HUBSPOT, version: '1' },
    });
    expect(answer).toMatchObject({ status: 200, body: { invoice: { status: 'void' } } });
  });

  test('may stand in the query alone, lines and customer as JSON', async () => {
    const query = new URLSearchParams({
      dealId: DEAL,
      idempotencyKey: 'query-1',
      currency: 'JPY',
      issueDate: '2026-11-22',
      dueDate: '2026-12-22',
      customer: JSON.stringify({ name: 'Kita KK' }),
      lines: JSON.stringify([{ description: 'Tea', quantity: '3', unitPrice: '100' }]),
    });
    const answer = await world.call({ target: `/hubspot/invoices?${query}` });
    expect(answer).toMatchObject({ status: 201, body: { invoice: { total: '300', currency: 'JPY' } } });
  });

  test('who the rep is may stand in the form body alone', async () => {
    await world.put('FORM-2');
    const answer = await world.call({
      target: '/hubspot/invoices/FORM-2/void',
      form: HUBSPOT,
      user: 'in the body',
    });
    expect(answer.status).toBe(200);
    expect((await world.events('FORM-2')).at(-1)?.actor).toMatchObject({ userId: '77' });
  });

  test.each([
    { how: 'in the query', target: '?version=1&version=2' },
    { how: 'in query and form', target: '?version=1', form: { version: '2' } },
    { how: 'in query and JSON', target: '?version=1', json: { version: 2 } },
    { how: 'in query and JSON, once as a list', target: '?version=1', json: { version: [1] } },
    { how: 'for the portal', target: '?portalId=111' },
    { how: 'for the deal', target: `?associatedObjectId=${DEAL}&dealId=999` },
  ])('given twice with different values $how are refused', async ({ target, form, json }) => {
    await world.put('TWICE-1');
    const answer = await world.call({
      target: `/hubspot/invoices/TWICE-1/void${target}`,
      ...(form ? { form } : {}),
      ...(json ? { json } : {}),
    });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.any(String) } });
    expect((await world.current('TWICE-1'))?.state).toBe('open');
  });

  test.each([
    { what: 'a body of another kind', raw: { type: 'text/plain', text: 'version=1' }, status: 415 },
    { what: 'broken JSON', raw: { type: 'application/json', text: '{"version":' }, status: 400 },
    { what: 'a list', raw: { type: 'application/json', text: '[1]' }, status: 400 },
    {
      what: 'a field given twice',
      raw: { type: 'application/json', text: '{"version":1,"version":1}' },
      status: 400,
    },
    { what: 'a prototype', raw: { type: 'application/json', text: '{"__proto__":{}}' }, status: 400 },
  ])('in $what are refused with a message', async ({ raw, status }) => {
    await world.put('RAW-1');
    const answer = await world.call({ target: '/hubspot/invoices/RAW-1/void', raw });
    expect(answer).toMatchObject({ status, body: { message: expect.any(String) } });
  });

  test('of a payment whose amount is given twice are refused by name, and nothing is paid', async () => {
    await world.put('AMOUNTS-1');
    const text = '{"paymentId":"A-1","amount":"1.00","amount":"500.00","paidAt":"2026-11-22"}';
    const answer = await world.call({
      target: '/hubspot/invoices/AMOUNTS-1/payments',
      raw: { type: 'application/json', text },
    });
    expect(answer).toMatchObject({ status: 400, body: { message: 'The field amount is there twice.' } });
    expect((await world.current('AMOUNTS-1'))?.payments).toEqual([]);
  });

  const nested = `${'['.repeat(101)}${']'.repeat(101)}`;
  test.each([
    ['{"name":"A","name":"B"}', 'customer can’t be read for its field name, which is there twice;'],
    [nested, 'customer is nested deeper than 100 levels;'],
    ['{name: A}', 'customer is not JSON;'],
  ])('as JSON in a query are refused by name with what is wrong: %.30s', async (customer, told) => {
    const query = new URLSearchParams({ dealId: DEAL, idempotencyKey: 'json', customer });
    const answer = await world.call({ target: `/hubspot/invoices?${query}` });
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(told) },
    });
  });

  test.each([
    ['version=0', 'version'],
    ['version=1.5', 'version'],
    ['dealId=abc', 'dealId'],
    ['idempotencyKey=%20', 'idempotencyKey'],
  ])('such as %s are refused by name', async (query, name) => {
    await world.put('NAME-1');
    const answer = await world.call({ target: `/hubspot/invoices/NAME-1/void?${query}` });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining(name) } });
  });

  test.each([
    ['version', ['1']],
    ['dealId', { id: '1' }],
    ['idempotencyKey', ['k']],
  ])('that steer a request and can’t be read are refused, not taken as left out: %s', async (name, value) => {
    const id = `LIST-${name}`;
    await world.put(id);
    const answer = await world.call({ target: `/hubspot/invoices/${id}/void`, json: { [name]: value } });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining(name) } });
  });

  test('without a user are refused', async () => {
    await world.put('USER-1');
    const answer = await world.call({
      target: '/hubspot/invoices/USER-1/void',
      user: { userId: '' },
    });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('userId') } });
  });
});

describe('The signature', () => {
  test('covers the bytes of a form that API Gateway hands over in base64', async () => {
    await world.put('BYTES-1');
    const event = world.event({
      target: '/hubspot/invoices/BYTES-1/void',
      form: { ...HUBSPOT, note: 'Łódź + 1 & more' },
    });
    expect(event.isBase64Encoded).toBe(true);
    const { statusCode } = await world.handler()(event, lambdaContext('actions', 1000, Date.now));
    expect(statusCode).toBe(200);
  });

  test('is refused with a message where a byte of the body is another', async () => {
    await world.put('BYTES-2');
    const event = world.event({ target: '/hubspot/invoices/BYTES-2/void', json: { version: 1 } });
    const tampered = { ...event, body: '{"version":2}' };
    const answer = await world.handler()(tampered, lambdaContext('actions', 1000, Date.now));
    expect(answer.statusCode).toBe(401);
    expect(JSON.parse(answer.body ?? '')).toEqual({
      message: 'The request is not authorized.',
      correlationId: event.requestContext.requestId,
    });
    expect(answer.headers?.['content-type']).toBe('application/json');
  });
});

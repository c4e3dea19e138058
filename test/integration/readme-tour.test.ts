import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

/** The tour's commands, read from the README as a reader would paste them. */
interface Command {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

let simulator: RunningSimulator;
let commands: Command[];

beforeAll(async () => {
  simulator = await startSimulator();
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  commands = [...readme.matchAll(/```sh\n\s*(curl [\s\S]*?)```/g)].map(([, block = '']) => command(block));
}, 60_000);
afterAll(() => simulator?.stop());

function command(block: string): Command {
  const text = block.replace(/\\\n/g, ' ');
  const quoted = (flag: string): string[] =>
    [...text.matchAll(new RegExp(`${flag} '([^']*)'`, 'g'))].map(([, value = '']) => value);
  return {
    method: /-X (\w+)/.exec(text)?.[1] ?? 'GET',
    path: /http:\/\/127\.0\.0\.1:3000([^\s']*)/.exec(text)?.[1] ?? '',
    headers: Object.fromEntries(quoted('-H').map((header) => header.split(': ') as [string, string])),
    body: quoted('-d')[0],
  };
}

const run = async ({ method, path, headers, body }: Command): Promise<{ status: number; json: unknown }> => {
  const answer = await fetch(`${simulator.url}${path}`, { method, headers, ...(body ? { body } : {}) });
  return { status: answer.status, json: await answer.json() };
};

test('the README’s tour does what it says: the invoice is on the deal it names, paid once, and in the feed', async () => {
  expect(commands).toHaveLength(3);
  const [invoice, payment, feed] = commands as [Command, Command, Command];
  expect((await run(invoice)).status).toBe(201);
  const deals = await (await fetch(simulator.url)).text();
  const { dealId } = JSON.parse(invoice.body ?? '{}');
  expect(deals).toMatch(new RegExp(`/deals/${dealId}"><bdi>Harbour Lane Studio`));
  const { body: card } = await (await fetch(`${simulator.url}/_page/deals/${dealId}/card`)).json();
  expect(card.results).toMatchObject([
    { title: 'HL-2026-001', properties: [{ value: '1190.00' }, {}, {}, {}] },
  ]);

  expect((await run(payment)).json).toMatchObject({ balance: '595.00', status: 'partially_paid' });
  expect((await run(payment)).json).toMatchObject({
    balance: '595.00',
    payments: [{ paymentId: 'bank-77' }],
  });

  expect(simulator.output()).toContain(feed.path);
  const deadline = Date.now() + 5_000;
  let events: { type: string }[] = [];
  while (events.length < 2 && Date.now() < deadline) {
    events = ((await run(feed)).json as { events: { type: string }[] }).events;
  }
  expect(events.map(({ type }) => type)).toEqual(['invoice.created', 'invoice.payment_recorded']);
});

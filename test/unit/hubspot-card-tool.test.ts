import { beforeEach, describe, expect, test } from '@jest/globals';
import { hubspotCard } from '../../bin/hubspot-card.ts';
import { cardDefinition } from '../../functions/card/card-definition.ts';

const BASE = 'https://ledgerbridge.example.com';
const DEFINITION = cardDefinition(BASE);
const ENVIRONMENT = {
  HUBSPOT_APP_ID: '77',
  HUBSPOT_DEVELOPER_KEY: 'devkey+1',
  PUBLIC_BASE_URL: `${BASE}/`,
  HUBSPOT_API_URL: 'https://api.example.com',
};

type Card = { id: string } & Record<string, unknown>;
interface Call {
  method: string;
  url: string;
  authorization: string | null;
  body: Record<string, unknown>;
}

/** As much of HubSpot's Cards API as the tool needs; `answers` replaces the answer to a method. */
class Cards {
  calls: Call[] = [];
  cards: Card[] = [];
  answers: Record<string, () => Response> = {};

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const call: Call = {
      method: init.method ?? 'GET',
      url: String(input),
      authorization: new Headers(init.headers).get('authorization'),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : {},
    };
    this.calls.push(call);
    return this.answers[call.method]?.() ?? this.#answer(call);
  };

  #answer({ method, url, body }: Call): Response {
    const id = /\/77\/(\w+)/.exec(url)?.[1];
    const asStored = (card: Card) => ({ ...card, createdAt: '2026-11-22T10:00:00Z', auditHistory: [] });
    switch (method) {
      case 'POST': {
        const card = { id: String(this.cards.length + 1), ...body };
        this.cards.push(card);
        return Response.json(asStored(card), { status: 201 });
      }
      case 'PATCH':
        this.cards = this.cards.map((card) => (card.id === id ? { ...card, ...body } : card));
        return Response.json(asStored(this.cards.find((card) => card.id === id) ?? { id: '' }));
      case 'DELETE':
        this.cards = this.cards.filter((card) => card.id !== id);
        return new Response(null, { status: 204 });
      default:
        return Response.json({ results: this.cards.map(asStored) });
    }
  }

  writes(): Call[] {
    return this.calls.filter(({ method }) => method !== 'GET');
  }
}

let hubspot: Cards;
beforeEach(() => {
  hubspot = new Cards();
});
const run = (args: string, variables: Record<string, string | undefined> = ENVIRONMENT) =>
  hubspotCard(args.split(' '), variables, hubspot.fetch);
const withToken = { ...ENVIRONMENT, HUBSPOT_DEVELOPER_KEY: undefined, HUBSPOT_ACCESS_TOKEN: 'token-a' };

describe('push', () => {
  test('creates the card, and the second time changes nothing', async () => {
    expect(await run('push')).toEqual({ output: 'Created card 1, “Invoices”.', exitCode: 0 });
    expect(await run('push')).toEqual({
      output: 'Card 1 is as it is defined here: nothing to change.',
      exitCode: 0,
    });
    expect(hubspot.writes()).toMatchObject([{ method: 'POST', body: DEFINITION }]);
  });

  test('changes what differs, and says what', async () => {
    hubspot.cards = [{ id: '9', ...DEFINITION, title: 'Bills' }];
    const { output } = await run('push');
    expect(output).toBe('Changed card 9, “Bills”:\nThe title is “Bills” in HubSpot and “Invoices” here.');
    expect((await run('diff')).exitCode).toBe(0);
  });

  test('finds its card after a move to another address', async () => {
    const elsewhere = cardDefinition('https://old.example.com');
    hubspot.cards = [{ id: '9', ...elsewhere }];
    await run('push');
    expect(hubspot.writes()).toMatchObject([{ method: 'PATCH', url: expect.stringContaining('/77/9?') }]);
    expect(hubspot.cards).toHaveLength(1);
  });

  test('says so where HubSpot did not take all of it', async () => {
    hubspot.cards = [{ id: '9', ...DEFINITION, title: 'Bills' }];
    hubspot.answers.PATCH = () => Response.json({ id: '9', ...DEFINITION, title: 'Bills' });
    expect((await run('push')).output).toContain('HubSpot did not take all of it:');
  });
});

describe('diff', () => {
  test('is quiet where only the order differs of what has none', async () => {
    const [created, status] = DEFINITION.display.properties;
    if (!created || !status) throw new Error('The definition has two properties.');
    hubspot.cards = [
      {
        id: '9',
        ...DEFINITION,
        display: { properties: [created, { ...status, options: [...status.options].reverse() }] },
        actions: { baseUrls: [...DEFINITION.actions.baseUrls].reverse() },
      },
    ];
    expect(await run('diff')).toMatchObject({ exitCode: 0 });
  });

  test('says every difference in a sentence, and exits with 1', async () => {
    const [created, status] = DEFINITION.display.properties;
    if (!created || !status) throw new Error('The definition has two properties.');
    hubspot.cards = [
      {
        id: '9',
        title: 'Invoices',
        fetch: { targetUrl: 'https://old/', objectTypes: [{ name: 'contacts', propertiesToSend: [] }] },
        display: {
          properties: [
            { ...status, label: 'State', options: status.options.slice(1) },
            { ...created, name: 'priority' },
          ],
        },
        actions: { baseUrls: ['https://old/'] },
      },
    ];
    const { output, exitCode } = await run('diff');
    expect(exitCode).toBe(1);
    expect(output.split('\n')).toEqual([
      `The address that data is fetched from is “https://old/” in HubSpot and “${BASE}/hubspot/card” here.`,
      'The records it stands on are “contacts” in HubSpot and “deals” here.',
      'The property “created” is missing in HubSpot.',
      'The label of the property “status” is “State” in HubSpot and “Status” here.',
      expect.stringMatching(/^The options of the property “status” are .* here\.$/),
      'The property “priority” is in HubSpot and no longer here.',
      `The addresses that actions may have are “https://old/” in HubSpot and “${BASE}/hubspot/”, “${BASE}/pages/” here.`,
    ]);
    expect(hubspot.writes()).toEqual([]);
  });

  test('notices the order of properties, which is that on the card', async () => {
    hubspot.cards = [
      { id: '9', ...DEFINITION, display: { properties: [...DEFINITION.display.properties].reverse() } },
    ];
    expect((await run('diff')).output).toMatch(/^The properties stand in another order: “status”, “created”/);
  });

  test('says that there is none yet', async () => {
    expect(await run('diff')).toEqual({
      output: 'HubSpot has no such card for this app: "push" creates it.',
      exitCode: 1,
    });
  });
});

describe('show and delete', () => {
  test('show the card and take it away, once', async () => {
    await run('push');
    const { output } = await run('show');
    expect(output).toContain(`fetches from   ${BASE}/hubspot/card`);
    expect(output).toContain('Status (status, status: Draft, Open, Partially paid, Overdue, Paid, Void)');
    expect((await run('delete')).output).toContain('Deleted card 1');
    expect((await run('delete')).output).toContain('nothing to delete');
    expect(hubspot.cards).toEqual([]);
  });

  test('ask which card is meant where several could be', async () => {
    hubspot.cards = [
      { id: '8', ...DEFINITION },
      { id: '9', ...DEFINITION },
    ];
    expect(await run('delete')).toEqual({
      output:
        'Several cards of the app could be this one: card 8, “Invoices”; card 9, “Invoices”. Say which with --card <id>.',
      exitCode: 1,
    });
    await run('delete --card 9');
    expect(hubspot.cards.map(({ id }) => id)).toEqual(['8']);
    expect((await run('delete --card 5')).output).toContain('The app has no card 5.');
  });
});

describe('HubSpot is called', () => {
  test.each([
    ['v3', '/crm/v3/extensions/cards-dev/77', undefined],
    ['2026-03', '/crm/extensions/cards-dev/2026-03/77', 'EXTERNAL'],
  ])('on the path of %s, and told what that edition needs', async (version, path, cardType) => {
    await run('push', { ...ENVIRONMENT, HUBSPOT_API_VERSION: version });
    expect(hubspot.calls.map(({ url }) => new URL(url).pathname)).toEqual([path, path]);
    expect(hubspot.calls[1]?.body.fetch).toEqual({
      ...DEFINITION.fetch,
      ...(cardType === undefined ? {} : { cardType }),
    });
  });

  test('with the developer key in the query, or the token in a header', async () => {
    await run('show');
    await run('show', withToken);
    expect(hubspot.calls.map(({ url, authorization }) => [new URL(url).search, authorization])).toEqual([
      ['?hapikey=devkey%2B1', null],
      ['', 'Bearer token-a'],
    ]);
  });
});

describe('A refusal', () => {
  const refuse = (status: number, body: unknown) => () => Response.json(body, { status });

  test.each([
    [403, { category: 'BANNED', message: 'Legacy CRM cards are no longer supported.' }],
    [410, { message: 'Gone' }],
    [405, {}],
    [400, { category: 'VALIDATION_ERROR', message: 'New legacy cards cannot be created' }],
  ])('of a new card with %d is explained: what is over, and what works instead', async (status, body) => {
    hubspot.answers.POST = refuse(status, { ...body, correlationId: 'c-1' });
    const { output, exitCode } = await run('push');
    expect(exitCode).toBe(1);
    expect(output).toContain('no longer lets this account create legacy CRM cards');
    expect(output).toContain('hubspot.fetch');
    expect(output).toContain('correlation id c-1');
    expect(output).toContain('Nothing was changed.');
  });

  test('of the key or the token says which, what to try, and never repeats it', async () => {
    hubspot.answers.GET = refuse(401, { message: 'Unauthorized', category: 'INVALID_AUTHENTICATION' });
    const key = await run('push');
    expect(key.output).toContain('HUBSPOT_DEVELOPER_KEY must be that of the developer account');
    const token = await run('push', withToken);
    expect(token.output).toContain('HUBSPOT_ACCESS_TOKEN needs the right');
    expect(key.output + token.output).not.toMatch(/devkey|token-a/);
    hubspot.answers.GET = refuse(403, { message: 'Missing', category: 'MISSING_SCOPES' });
    expect((await run('push', withToken)).output).toContain('HUBSPOT_ACCESS_TOKEN needs the right');
  });

  test.each([
    [404, 'HUBSPOT_APP_ID'],
    [410, 'HUBSPOT_API_VERSION'],
    [429, 'go slower'],
    [502, 'problem of its own'],
    [400, 'does not accept the card'],
  ])('with %d says what to do', async (status, words) => {
    hubspot.answers.GET = () => new Response('<html>', { status });
    expect(await run('push')).toMatchObject({ output: expect.stringContaining(words), exitCode: 1 });
  });

  test('to be HubSpot’s API at all is noticed', async () => {
    hubspot.answers.GET = () => new Response('<html>', { status: 200 });
    expect((await run('show')).output).toContain('Is HUBSPOT_API_URL right?');
  });

  test('by the network says where it went', async () => {
    hubspot.answers.GET = () => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    };
    expect(await run('show')).toEqual({
      output: 'HubSpot can’t be reached at https://api.example.com: connect ECONNREFUSED',
      exitCode: 1,
    });
  });
});

describe('What is asked wrongly', () => {
  test.each([
    ['', '"" is no command; expected show, diff, push, delete.'],
    ['put', '"put" is no command; expected show, diff, push, delete.'],
    ['push twice', '"twice" is not expected after push.'],
    ['push --force', "Unknown option '--force'"],
  ])('%j is answered with what is wrong and how to ask', async (args, wrong) => {
    const { output, exitCode } = await run(args);
    expect(exitCode).toBe(2);
    expect(output.startsWith(wrong)).toBe(true);
    expect(output).toContain('npm run hubspot:card -- <command>');
    expect(hubspot.calls).toEqual([]);
  });

  test.each([
    ['HUBSPOT_APP_ID', { HUBSPOT_APP_ID: 'my-app' }],
    ['HUBSPOT_API_VERSION', { HUBSPOT_API_VERSION: 'v4' }],
    ['PUBLIC_BASE_URL', { PUBLIC_BASE_URL: undefined }],
    ['HUBSPOT_DEVELOPER_KEY or HUBSPOT_ACCESS_TOKEN', { HUBSPOT_DEVELOPER_KEY: undefined }],
    ['HUBSPOT_DEVELOPER_KEY or HUBSPOT_ACCESS_TOKEN', { HUBSPOT_ACCESS_TOKEN: 'both' }],
  ])('with %s wrong or missing is answered with what is expected of it', async (name, variables) => {
    expect(await run('push', { ...ENVIRONMENT, ...variables })).toMatchObject({
      output: expect.stringContaining(`${name}: expected`),
      exitCode: 2,
    });
  });

  test('is shown how to ask where it asks for help', async () => {
    expect(await run('--help')).toMatchObject({ exitCode: 0 });
  });
});

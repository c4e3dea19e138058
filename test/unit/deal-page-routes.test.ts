import { describe, expect, test } from '@jest/globals';
import type { DealPageBackend } from '../../local/deal-page/backend.ts';
import { dealPageRoutes } from '../../local/deal-page/routes.ts';

const event = {
  eventId: 'inv-1@1',
  type: 'invoice.created',
  at: '2026-10-13T12:00:00.000Z',
  invoiceId: 'inv-1',
  actor: { kind: 'accounting' },
};
const calls: unknown[][] = [];
const backend: DealPageBackend = {
  deals: () => [
    { dealId: '101', name: `<script>alert("1")</script> & 'Söhne'`, stage: 'Won', note: 'odd texts' },
    { dealId: '102', name: 'Acme', amount: '1 EUR', stage: 'Won', note: 'two invoices' },
  ],
  fetchCard: async (dealId) => {
    calls.push(['fetchCard', dealId]);
    return { status: 502, body: 'Bad gateway', milliseconds: 3 };
  },
  runAction: async (dealId, action) => {
    calls.push(['runAction', dealId, action]);
    return { status: 409, body: { message: 'No.' } };
  },
  cardDefinition: () => ({ title: 'Invoices & more', displayProperties: [] }),
  recentEvents: () => Array.from({ length: 30 }, () => event),
};
const routes = dealPageRoutes(backend, {
  publicBaseUrl: 'https://tunnel.example.com',
  ledgerToken: "it's a token",
  frameOrigins: ['https://pdf.example.com'],
  now: () => Date.UTC(2026, 9, 13),
});
const ask = (path: string, method = 'GET', body = '') =>
  routes({ method, path, query: new URLSearchParams(), body });
const textOf = async (path: string): Promise<string> => String((await ask(path))?.body);

describe('the list of deals', () => {
  test('links to every sample deal and says what it shows, with names as text', async () => {
    const page = await textOf('/');
    expect(page).toContain('href="/deals/101"');
    expect(page).toContain('two invoices');
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Söhne&#39;');
    expect(page).not.toContain('<script>alert');
  });

  test('shows a command that a shell can read, for this simulator, its token, and today', async () => {
    const page = (await textOf('/')).replaceAll('&#39;', "'").replaceAll('&quot;', '"');
    expect(page).toContain("curl -X PUT 'https://tunnel.example.com/v1/invoices/try-1001'");
    expect(page).toContain("-H 'authorization: Bearer it'\\''s a token'");
    expect(page).toContain('"issueDate": "2026-10-13", "dueDate": "2026-11-12"');
    const [, sent = ''] = /-d '(\{[^']*\})'/.exec(page) ?? [];
    expect(JSON.parse(sent)).toMatchObject({ dealId: '101', status: 'open' });
  });

  test('says how to go on where there is no sample data', async () => {
    const empty = dealPageRoutes({ ...backend, deals: () => [] });
    const answer = await empty({ method: 'GET', path: '/', query: new URLSearchParams(), body: '' });
    expect(String(answer?.body)).toContain('without sample data');
  });
});

describe('a record page', () => {
  test('exists for a sample deal and for any other record id', async () => {
    expect(await textOf('/deals/102')).toContain('<h1 id="deal-name" dir="auto">Acme</h1>');
    expect(await textOf('/deals/987654321')).toContain('Not one of the sample deals.');
  });

  test("shows the card's title as text, before its script has run", async () => {
    expect(await textOf('/deals/102')).toContain('Invoices &amp; more</h2>');
  });

  test.each(['/deals/abc', '/deals/', '/deals/1/edit', '/deals/%3Cscript%3E'])(
    'is not at %s',
    async (path) => {
      expect((await ask(path))?.status).toBe(404);
    },
  );

  test('runs scripts of its own server only, and frames that server and the origins it was given', async () => {
    const policy = (await ask('/deals/102'))?.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("frame-src 'self' https://tunnel.example.com https://pdf.example.com;");
    expect(policy).not.toContain('unsafe');
  });

  test('has no inline script or style, and every file that it names is there', async () => {
    for (const path of ['/', '/deals/102']) {
      const page = await textOf(path);
      expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
      const files = [...page.matchAll(/(?:src|href)="(\/_page\/[^"]+)"/g)].map(([, file = '']) => file);
      expect(files.length).toBeGreaterThan(2);
      for (const file of files) expect((await ask(file))?.status).toBe(200);
    }
  });
});

describe("the page's files", () => {
  test('scripts are JavaScript, and whatever they import is there', async () => {
    const seen = new Set<string>();
    const visit = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const answer = await ask(path);
      expect([path, answer?.headers['content-type']]).toEqual([path, 'text/javascript; charset=utf-8']);
      for (const [, file = ''] of String(answer?.body).matchAll(/from '([^']+)'/g)) {
        await visit(new URL(file, `http://127.0.0.1${path}`).pathname);
      }
    };
    await visit('/_page/deal-page/browser/record.ts');
    expect(seen.size).toBeGreaterThan(10);
  });

  test.each([
    '/_page/deal-page/routes.ts',
    '/_page/deal-page/browser/../routes.ts',
    '/_page/deal-page/browser/',
    '/_page/pages/nothing.css',
  ])('%s is none of them', async (path) => {
    expect(await ask(path)).toBeUndefined();
  });
});

describe("the page's calls", () => {
  test("the card comes with the handler's status and body as they were, and with the definition", async () => {
    const answer = await ask('/_page/deals/102/card');
    expect(answer?.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(String(answer?.body))).toEqual({
      status: 502,
      body: 'Bad gateway',
      milliseconds: 3,
      definition: backend.cardDefinition(),
    });
  });

  test('an action is run for the deal, and its answer is handed on', async () => {
    const action = { type: 'ACTION_HOOK', uri: 'https://api.example.com/issue' };
    const answer = await ask('/_page/deals/102/actions', 'POST', JSON.stringify({ action }));
    expect(calls.at(-1)).toEqual(['runAction', '102', action]);
    expect(JSON.parse(String(answer?.body))).toEqual({ status: 409, body: { message: 'No.' } });
  });

  test.each(['', 'action=1', '[]', 'null', '{}', '{"action":"x"}', '{"action":null}'])(
    'the body %j is no action and reaches nobody',
    async (body) => {
      const before = calls.length;
      expect((await ask('/_page/deals/102/actions', 'POST', body))?.status).toBe(400);
      expect(calls.length).toBe(before);
    },
  );

  test('the events are the newest twenty', async () => {
    const { events } = JSON.parse(await textOf('/_page/events'));
    expect(events).toHaveLength(20);
    expect(events[0]).toEqual(event);
  });

  test.each([
    ['GET', '/_page/deals/102/actions'],
    ['POST', '/_page/deals/102/card'],
    ['GET', '/_page/deals/abc/card'],
    ['POST', '/'],
    ['POST', '/deals/102'],
    ['GET', '/v1/invoices/1'],
    ['GET', '/health'],
  ])("%s %s is somebody else's", async (method, path) => {
    expect(await ask(path, method)).toBeUndefined();
  });
});

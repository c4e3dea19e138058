import { describe, expect, test } from '@jest/globals';
import { cardDefinition } from '../../functions/card/card-definition.ts';
import { cardResponse, EMPTY_CARD, UNAVAILABLE_CARD } from '../../functions/card/card-response.ts';
import { type CardAccess, fetchCard } from '../../functions/card/fetch-card.ts';
import type { ApiRequest } from '../../functions/http/api-request.ts';
import type { DealRow } from '../../functions/invoices/deal-row.ts';
import { EMPTY_SUMMARY } from '../../functions/invoices/deal-summary.ts';
import {
  asInvoiceId,
  asPortalId,
  type InvoiceId,
  type PortalId,
} from '../../functions/invoices/identifiers.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { LISTED_STATUSES, listedStatus } from '../../functions/rep/listed-status.ts';

const TICKET_KEY = 'a-ticket-key-of-at-least-32-characters';

const portal = (id: string): PortalId => asPortalId(id) ?? failed(id);
const invoiceId = (id: string): InvoiceId => asInvoiceId(id) ?? failed(id);
const failed = (id: string): never => {
  throw new Error(`${id} is no id.`);
};

const row = (fields: Partial<DealRow> = {}): DealRow => ({
  invoiceId: invoiceId('INV-1'),
  number: 'R-2026-1',
  status: 'open',
  currency: 'EUR',
  total: 119000n,
  amountPaid: 0n,
  balance: 119000n,
  issueDate: '2026-01-10',
  dueDate: '2026-02-09',
  customerName: 'Brightwater Hotels GmbH',
  link: 'https://books.example.com/1',
  version: 1,
  ...fields,
});
const cardOf = (rows: DealRow[], today = '2026-02-09') => cardResponse(portal('987654'), rows, today);

describe('a card', () => {
  test('shows an invoice exactly in HubSpot’s flat format', () => {
    expect(cardOf([row({ amountPaid: 9000n, balance: 110000n, status: 'partially_paid' })])).toEqual({
      results: [
        {
          objectId: expect.any(Number),
          title: 'R-2026-1',
          link: 'https://books.example.com/1',
          created: '2026-01-10',
          status: 'partially_paid',
          properties: [
            { label: 'Balance due', dataType: 'CURRENCY', value: '1100.00', currencyCode: 'EUR' },
            { label: 'Total', dataType: 'CURRENCY', value: '1190.00', currencyCode: 'EUR' },
            { label: 'Due date', dataType: 'DATE', value: '2026-02-09' },
            { label: 'Customer', dataType: 'STRING', value: 'Brightwater Hotels GmbH' },
          ],
        },
      ],
    });
  });

  test.each([
    ['JPY', 480000n, '480000'],
    ['EUR', -5n, '-0.05'],
    ['KWD', 1125n, '1.125'],
    ['CLF', 10001n, '1.0001'],
    ['EUR', 10n ** 17n + 1n, '1000000000000000.01'],
  ])('writes %s with the decimals that the currency has', (currency, total, value) => {
    const [result] = cardOf([row({ currency, total })]).results;
    expect(result?.properties[1]).toEqual({
      label: 'Total',
      dataType: 'CURRENCY',
      value,
      currencyCode: currency,
    });
  });

  test('shows five at most, in the order given', () => {
    const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => row({ invoiceId: invoiceId(id), number: id }));
    expect(cardOf(rows).results.map(({ title }) => title)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('leaves the link out where there is none: an empty one would be shown', () => {
    const { link: _link, ...without } = row();
    expect(cardOf([without]).results[0]).not.toHaveProperty('link');
  });

  test('names a draft that has no number yet', () => {
    expect(cardOf([row({ number: null, status: 'draft' })]).results[0]?.title).toBe('Draft INV-1');
  });

  test('gives an invoice the same number for ever, another in another portal, and no two the same', () => {
    const objectId = (id: string, portalId = '987654') =>
      cardResponse(portal(portalId), [row({ invoiceId: invoiceId(id) })], '2026-01-01').results[0]?.objectId;
    // Stands here so that no later version can change what HubSpot has seen.
    expect(objectId('INV-1')).toBe(8_674_589_041_435_178);
    expect(objectId('INV-1', '987655')).not.toBe(objectId('INV-1'));
    const ids = Array.from({ length: 10_000 }, (_, index) => objectId(`INV-${index}`));
    expect(new Set(ids).size).toBe(10_000);
    for (const id of ids) expect(Number.isSafeInteger(id) && Number(id) > 0).toBe(true);
  });
});

describe('a status on the card', () => {
  test.each([
    ['open', '2026-02-09', 'open'],
    ['open', '2026-02-10', 'overdue'],
    ['partially_paid', '2026-02-09', 'partially_paid'],
    ['partially_paid', '2026-02-10', 'overdue'],
    ['draft', '2026-02-10', 'draft'],
    ['paid', '2026-02-10', 'paid'],
    ['void', '2026-02-10', 'void'],
  ] as const)('%s, due on 9 February, is on %s %s', (status, today, shown) => {
    expect(listedStatus({ status, dueDate: '2026-02-09' }, today)).toBe(shown);
  });
});

describe('the card’s definition', () => {
  const definition = cardDefinition('https://bridge.example.com/prefix');
  const declared = new Map(definition.display.properties.map((property) => [property.name, property]));

  test('declares every key that a response has beside HubSpot’s own, and each status as an option', () => {
    const everyStatus = (['open', 'draft', 'partially_paid', 'paid', 'void'] as const).map((status) =>
      row({ status }),
    );
    for (const today of ['2026-01-01', '2027-01-01']) {
      for (const card of [cardOf(everyStatus, today), UNAVAILABLE_CARD, EMPTY_CARD]) {
        for (const { objectId, title, link, properties, ...own } of card.results) {
          expect([typeof objectId, typeof title]).toEqual(['number', 'string']);
          for (const [name, value] of Object.entries(own)) {
            const property = declared.get(name);
            if (property?.dataType === 'STATUS')
              expect(property.options.map((option) => option.name)).toContain(value);
            else
              expect([property?.dataType, value]).toEqual([
                'DATE',
                expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
              ]);
          }
          for (const property of properties) expect(property.dataType).toMatch(/^(CURRENCY|DATE|STRING)$/);
        }
      }
    }
  });

  test('has each status once, in colours that HubSpot knows', () => {
    const options = declared.get('status')?.options ?? [];
    expect(options.map(({ name }) => name)).toEqual([...LISTED_STATUSES]);
    for (const { label, type } of options) {
      expect(label).not.toBe('');
      expect(type).toMatch(/^(DEFAULT|SUCCESS|WARNING|DANGER|INFO)$/);
    }
  });

  test('puts every URL under the public one, the fetch without a query', () => {
    expect(definition.fetch.targetUrl).toBe('https://bridge.example.com/prefix/hubspot/card');
    for (const url of definition.actions.baseUrls)
      expect(url).toMatch(/^https:\/\/bridge\.example\.com\/prefix\//);
  });
});

describe('the day on a card', () => {
  const request = { receivedAt: performance.now() } as ApiRequest;
  const read = async (timeZone: string, now: string, dueDate: string) => {
    const access: CardAccess = {
      store: {
        dealTop: async () => ({
          summary: EMPTY_SUMMARY,
          rows: [{ sortKey: 'row#1', row: row({ dueDate }) }],
        }),
      },
      settings: async () => ({ ...DEFAULT_SETTINGS, timeZone }),
      ticketKeys: { value: async () => [TICKET_KEY], fresh: async () => undefined },
      publicBaseUrl: 'https://bridge.example.com',
      now: () => Date.parse(now),
      report: () => undefined,
      countUnavailable: () => undefined,
    };
    const parameters = new Map([
      ['associatedObjectType', 'DEAL'],
      ['associatedObjectId', '1'],
    ]);
    const answer = await fetchCard(access)(request, { portalId: portal('1'), parameters, fields: {} });
    return (answer.body as { results: { status: string }[] }).results[0]?.status;
  };

  test.each([
    ['UTC', '2026-02-09T23:59:59Z', 'open'],
    ['UTC', '2026-02-10T00:00:00Z', 'overdue'],
    ['Europe/Berlin', '2026-02-09T22:59:59Z', 'open'],
    ['Europe/Berlin', '2026-02-09T23:00:00Z', 'overdue'],
    ['Pacific/Kiritimati', '2026-02-09T10:00:00Z', 'overdue'],
    ['America/Los_Angeles', '2026-02-10T07:59:59Z', 'open'],
  ])(
    'is the one in the portal’s time zone: in %s at %s an invoice due on the 9th is %s',
    async (zone, now, status) => {
      expect(await read(zone, now, '2026-02-09')).toBe(status);
    },
  );
});

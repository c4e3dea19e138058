import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { type CommandResult, Ledger } from '../../functions/invoices/ledger.ts';
import { DEFAULT_SETTINGS, type PortalSettings } from '../../functions/invoices/portal-settings.ts';
import { dealId, freshPortal, invoiceContent, invoiceId } from '../support/invoice-factory.ts';
import { LedgerUnderTest } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await LedgerUnderTest.start();
});
afterAll(() => ledger?.stop());

const byRep = { actor: { kind: 'user', userId: '7' }, origin: 'hubspot' } as const;
const { number, ...content } = invoiceContent();

const numberOf = (result: CommandResult): string | null => {
  if (!('invoice' in result)) throw new Error(`The invoice was not issued: ${result.kind}`);
  return result.invoice.number;
};

/** Invoices that are issued one after the other at the moments told, in a portal with these settings. */
class Issuing {
  readonly #portal: PortalId;
  readonly #settings: Partial<PortalSettings>;
  #issued = 0;

  constructor(portal: PortalId, settings: Partial<PortalSettings> = {}) {
    this.#portal = portal;
    this.#settings = settings;
  }

  async at(moment: string): Promise<string | null> {
    const now = Date.parse(moment);
    const timing = { now: () => now, wait: async () => undefined, random: () => 0 };
    const read = async () => ({ ...DEFAULT_SETTINGS, ...this.#settings });
    this.#issued += 1;
    const result = await new Ledger(ledger.store, read, timing).run({
      portalId: this.#portal,
      invoiceId: invoiceId(`hs-${this.#issued}`),
      command: { type: 'create', content, dealId: dealId('5'), issue: true },
      ...byRep,
    });
    return numberOf(result);
  }
}

describe('Invoices that are issued in HubSpot', () => {
  test('are numbered by the portal’s pattern, anew each year', async () => {
    const issuing = new Issuing(freshPortal(), { numberPattern: 'K{year}/{000}' });
    expect(await issuing.at('2026-12-30T12:00:00Z')).toBe('K2026/001');
    expect(await issuing.at('2026-12-31T12:00:00Z')).toBe('K2026/002');
    expect(await issuing.at('2027-01-01T12:00:00Z')).toBe('K2027/001');
    expect(await issuing.at('2026-12-31T12:00:00Z')).toBe('K2026/003');
  });

  test.each([
    ['UTC', 'HS-2026-0001', 'HS-2026-0002', 'HS-2027-0001'],
    ['Pacific/Kiritimati', 'HS-2026-0001', 'HS-2027-0001', 'HS-2027-0002'],
    ['America/New_York', 'HS-2026-0001', 'HS-2026-0002', 'HS-2026-0003'],
  ])('take the year that it is in %s', async (timeZone, ...numbers) => {
    const issuing = new Issuing(freshPortal(), { timeZone });
    const taken = [];
    // Kiritimati is fourteen hours ahead of UTC, so that its new year begins at ten.
    for (const moment of ['2026-12-31T09:59:59Z', '2026-12-31T10:00:00Z', '2027-01-01T00:00:00Z']) {
      taken.push(await issuing.at(moment));
    }
    expect(taken).toEqual(numbers);
  });

  test('by many at the same moment all take a number, without a double or a gap, and without much of it in vain', async () => {
    const portal = freshPortal();
    const many = Array.from({ length: 40 }, (_, i) => i + 1);
    ledger.endpoint.embedded?.resetRequests();
    const issued = await Promise.all(
      many.map((i) => {
        const command = { type: 'create', content, dealId: dealId(String(i)), issue: true } as const;
        return ledger.run(portal, invoiceId(`hs-${i}`), command, byRep);
      }),
    );
    const sequences = issued.map((result) => Number(numberOf(result)?.slice(-4)));
    expect(sequences.sort((a, b) => a - b)).toEqual(many);
    // Each lost once at most before it stood in line, and hardly ever there.
    expect(ledger.endpoint.embedded?.requests.TransactWriteItems ?? 0).toBeLessThan(120);
  });

  test('have a sequence of their own in each portal', async () => {
    const [one, two] = [new Issuing(freshPortal()), new Issuing(freshPortal())];
    const moment = '2026-11-22T10:00:00Z';
    expect([await one.at(moment), await two.at(moment), await one.at(moment)]).toEqual([
      'HS-2026-0001',
      'HS-2026-0001',
      'HS-2026-0002',
    ]);
  });
});

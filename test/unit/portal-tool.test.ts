import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { settingsToSet } from '../../bin/command-line/portal/settings-arguments.ts';
import {
  describeTokens,
  hashOf,
  isHashPrefix,
  readTokenBook,
  withoutToken,
  withToken,
  writeTokenBook,
} from '../../bin/command-line/portal/token-book.ts';
import { parseLedgerTokens, tokenHash } from '../../functions/http/bearer-token.ts';
import { asPortalId } from '../../functions/invoices/identifiers.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { PORTAL_SETTING_NAMES } from '../../functions/invoices/read-portal-settings.ts';

const [one, two] = [asPortalId('1'), asPortalId('20')];
if (!one || !two) throw new Error('These are ids.');

describe('ledger tokens', () => {
  test('a new token is stored as what the functions look for, and never itself', () => {
    const text = writeTokenBook(withToken(new Map(), one, 'new-token', false));
    expect(text).not.toContain('new-token');
    expect(parseLedgerTokens(text)).toEqual([{ hash: tokenHash('new-token'), portalId: one }]);
    expect(hashOf('new-token')).toBe(createHash('sha256').update('new-token').digest('hex'));
  });

  test('older tokens stay, unless they are replaced; another portal’s stay in any case', () => {
    const book = withToken(withToken(new Map(), one, 'a', false), two, 'b', false);
    expect(withToken(book, one, 'c', false).size).toBe(3);
    expect([...withToken(book, one, 'c', true).keys()]).toEqual([hashOf('b'), hashOf('c')]);
  });

  test('a secret that is not as expected is refused, so that it is never overwritten', () => {
    for (const text of ['', 'no', '{"abc":"1"}', `{"${hashOf('a')}":"x"}`]) {
      expect(() => readTokenBook(text)).toThrow(/left alone/);
    }
    expect(readTokenBook('{}').size).toBe(0);
  });

  test('a token is revoked by the beginning of its hash, only among the portal’s own', () => {
    const book = withToken(withToken(new Map(), one, 'a', false), two, 'b', false);
    expect([...withoutToken(book, one, hashOf('a').slice(0, 12)).values()]).toEqual([two]);
    expect(() => withoutToken(book, two, hashOf('a').slice(0, 12))).toThrow(/no token whose hash begins/);
    expect(isHashPrefix(hashOf('a').slice(0, 7))).toBe(false);
    expect(isHashPrefix('not a hash!!')).toBe(false);
  });

  test('the list has portals in the order of their numbers, and only the beginning of hashes', () => {
    const book = withToken(
      withToken(withToken(new Map(), two, 'a', false), one, 'b', false),
      one,
      'c',
      false,
    );
    expect(describeTokens(book)).toEqual([
      `Portal 1: 2 tokens, ${hashOf('b').slice(0, 12)}, ${hashOf('c').slice(0, 12)}`,
      `Portal 20: 1 token, ${hashOf('a').slice(0, 12)}`,
    ]);
  });
});

describe('settings', () => {
  test('every setting of a portal can be set, and what is not named is not touched', () => {
    expect([...PORTAL_SETTING_NAMES].sort()).toEqual(
      [...Object.keys(DEFAULT_SETTINGS), 'policy', 'seller'].sort(),
    );
    expect(settingsToSet(['timeZone=Europe/Berlin', 'feedRetentionDays=30'])).toEqual({
      timeZone: 'Europe/Berlin',
      feedRetentionDays: 30,
    });
    expect(settingsToSet(['timeZone=UTC'])).toEqual({ timeZone: 'UTC' });
    expect(settingsToSet([])).toEqual({});
  });

  test('a policy, a seller and a list of hosts are written as JSON, and held to their rules', () => {
    const policy = {
      default: { who: ['@example.com'] },
      void: { who: 'everyone', upTo: { EUR: '5000.00' } },
    };
    expect(
      settingsToSet([`policy=${JSON.stringify(policy)}`, 'pdfHosts=["accounting.example.com"]']),
    ).toEqual({
      policy,
      pdfHosts: ['accounting.example.com'],
    });
    expect(() => settingsToSet(['policy={"void": {"upTo": {"EUR": 5000}}}'])).toThrow(/policy\.void\.upTo/);
    expect(() => settingsToSet(['seller={"address": []}'])).toThrow(/seller\.name is missing/);
    expect(() => settingsToSet(['numberPattern=HS-{0000}'])).toThrow(/\{year\}/);
  });

  test.each([
    ['timeZone', /expected name=value/],
    ['timezone=UTC', /no setting timezone; expected one of timeZone, feedRetentionDays/],
    ['__proto__=1', /no setting __proto__/],
    ['timeZone=Mars/Olympus', /timeZone is "Mars\/Olympus"; expected an IANA time zone/],
    [
      'feedRetentionDays=0',
      /feedRetentionDays is the number 0; expected a whole number of days from 1 to 3650/,
    ],
    ['feedRetentionDays=3651', /from 1 to 3650/],
    ['feedRetentionDays=1.5', /from 1 to 3650/],
    ['feedRetentionDays=', /from 1 to 3650/],
  ])('%s is refused with what was expected', (pair, told) => {
    expect(() => settingsToSet([pair])).toThrow(told);
  });

  test('a setting given twice is refused', () => {
    expect(() => settingsToSet(['timeZone=UTC', 'timeZone=UTC'])).toThrow(/given twice/);
  });
});

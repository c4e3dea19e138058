import { describe, expect, test } from '@jest/globals';
import { showValue } from '../../local/deal-page/browser/property-value.ts';
import { safeLink } from '../../local/deal-page/browser/safe-link.ts';

const show = (dataType: string, value: string, extra: object = {}) =>
  showValue({ label: 'Label', dataType, value, ...extra }, 'en');

describe('showing a value', () => {
  test.each([
    ['1190.00', 'EUR', '1,190.00\u00a0EUR'],
    ['12000', 'JPY', '12,000\u00a0JPY'],
    ['1234567.005', 'KWD', '1,234,567.005\u00a0KWD'],
    ['-0.10', 'EUR', '-0.10\u00a0EUR'],
    ['9007199254740993.01', 'EUR', '9,007,199,254,740,993.01\u00a0EUR'],
  ])('the amount %s %s gets grouped digits and keeps each one of them', (value, currencyCode, text) => {
    expect(show('CURRENCY', value, { currencyCode })).toEqual({ kind: 'amount', text });
  });

  test('an amount follows the locale that it is shown in', () => {
    const property = { label: 'Total', dataType: 'CURRENCY', value: '1190.00', currencyCode: 'EUR' };
    expect(showValue(property, 'de')).toEqual({ kind: 'amount', text: '1.190,00\u00a0EUR' });
  });

  test('a date is the calendar day that was sent, wherever the browser is', () => {
    expect(show('DATE', '2026-10-13')).toEqual({ kind: 'text', text: 'Oct 13, 2026' });
  });

  test('a date-time in milliseconds is a moment in words', () => {
    expect(show('DATETIME', '1760000000000')).toEqual({
      kind: 'text',
      text: expect.stringMatching(/Oct \d+, 2025/),
    });
  });

  test('a number is grouped, a text stays as it is', () => {
    expect(show('NUMERIC', '12345.60')).toEqual({ kind: 'text', text: '12,345.60' });
    expect(show('STRING', ' <b> ')).toEqual({ kind: 'text', text: ' <b> ' });
    expect(show('EMAIL', 'rep@example.com')).toEqual({ kind: 'text', text: 'rep@example.com' });
  });

  test('a status is a tag in the tone of its option', () => {
    expect(show('STATUS', 'Overdue', { optionType: 'DANGER' })).toEqual({
      kind: 'tag',
      text: 'Overdue',
      tone: 'danger',
    });
    expect(show('STATUS', 'Draft')).toEqual({ kind: 'tag', text: 'Draft', tone: 'default' });
  });

  test('a link carries its label, and is plain text where it must not be followed', () => {
    expect(show('LINK', 'https://books.example.com/1', { linkLabel: 'Open' })).toEqual({
      kind: 'link',
      text: 'Open',
      href: 'https://books.example.com/1',
    });
    expect(show('LINK', 'javascript:alert(1)', { linkLabel: 'Open' })).toEqual({
      kind: 'text',
      text: 'Open',
    });
  });

  test.each([
    ['CURRENCY', '1,190.00', { currencyCode: 'EUR' }],
    ['CURRENCY', '1e3', { currencyCode: 'EUR' }],
    ['CURRENCY', '1190.00', {}],
    ['CURRENCY', '1190.00', { currencyCode: 'eur' }],
    ['DATE', '2026-02-30', {}],
    ['DATE', '13.10.2026', {}],
    ['DATETIME', '2026-10-13', {}],
    ['NUMERIC', 'NaN', {}],
    ['STATUS', 'unheard of', { optionType: 'PURPLE' }],
    ['BOOLEAN', 'true', {}],
  ])('%s with the value %s is an invalid property', (dataType, value, extra) => {
    expect(show(dataType, value, extra)).toEqual({ kind: 'invalid' });
  });
});

describe('a link that may be followed', () => {
  test.each(['https://a.example/x?y=1', 'http://127.0.0.1:3000/pages/1'])('%s', (address) => {
    expect(safeLink(address)).toBe(address);
  });

  test.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '/relative',
    '',
  ])('is not %j', (address) => {
    expect(safeLink(address)).toBeUndefined();
  });
});

import { describe, expect, test } from '@jest/globals';
import { emailAddress, httpsUrl, line, paragraph } from '../../functions/input/text.ts';

const takes = (schema: { safeParse(input: unknown): { success: boolean } }, text: unknown): boolean =>
  schema.safeParse(text).success;

describe('A line of text', () => {
  test.each(['a', 'Ünïcödé', '日本', '😀😀', 'مرحبا', '<script>', "Robert'); --", ' a '])(
    'may be %j',
    (text) => {
      expect(takes(line(64), text)).toBe(true);
    },
  );

  test.each([
    '',
    ' ',
    'a\nb',
    'a\tb',
    '\u0000',
    '\u007f',
    '\u0085',
    '\u001f',
    '\ud800',
    'a\udc00',
    7,
    null,
    undefined,
  ])('may not be %j', (text) => {
    expect(takes(line(64), text)).toBe(false);
  });

  test('has at most so many characters, a pair of surrogates being one', () => {
    expect([takes(line(3), '😀😀😀'), takes(line(3), '😀😀😀😀'), takes(line(3), 'abcd')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('A paragraph', () => {
  test('may have line breaks and tabs, but no other control characters', () => {
    expect(takes(paragraph(20), 'a\r\n\tb')).toBe(true);
    expect([
      takes(paragraph(20), 'a\u0000'),
      takes(paragraph(20), 'a\u001b[31m'),
      takes(paragraph(20), '\n'),
    ]).toEqual([false, false, false]);
  });
});

describe('An e-mail address', () => {
  test.each(['anna@example.com', "o'neil+tag@sub.example.co.uk", 'jörg@bücher.example'])(
    'may be %s',
    (text) => {
      expect(takes(emailAddress(), text)).toBe(true);
    },
  );

  test.each([
    ...[
      'anna',
      'anna@',
      '@example.com',
      'anna@example',
      'a b@example.com',
      'a@b@example.com',
      'a@example.com\n',
    ],
    ...[
      'Anna <anna@example.com>',
      'a,b@example.com',
      `${'a'.repeat(65)}@example.com`,
      `a@${'b'.repeat(250)}.com`,
    ],
  ])('may not be %j', (text) => {
    expect(takes(emailAddress(), text)).toBe(false);
  });
});

describe('A link', () => {
  test.each(['https://books.example', 'HTTPS://books.example/a?b=c#d', 'https://bücher.example:8443/ä'])(
    'may be %s',
    (text) => {
      expect(takes(httpsUrl(), text)).toBe(true);
    },
  );

  test.each([
    ...[
      'http://books.example',
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      '//books.example',
    ],
    ...[
      'https:',
      'https://',
      'https:books.example',
      ' https://books.example',
      'https://a b',
      'https://a\u0000b',
    ],
    ...[
      'https://user:secret@books.example',
      'https://books.example/\ud800',
      `https://a/${'x'.repeat(2048)}`,
      7,
      null,
    ],
  ])('may not be %j', (text) => {
    expect(takes(httpsUrl(), text)).toBe(false);
  });
});

import { describe, expect, test } from '@jest/globals';
import { inlineFile } from '../../functions/pages/inline-file.ts';

describe('the name under which a shown file is saved', () => {
  test('is a plain title as it is', () => {
    expect(inlineFile('INV-0042', 'pdf', 'invoice')).toBe('inline; filename="INV-0042.pdf"');
  });

  test.each([
    ['Draft 1a2b3c', 'Draft-1a2b3c', 'Draft%201a2b3c'],
    ['فاتورة 99', '99', '%D9%81%D8%A7%D8%AA%D9%88%D8%B1%D8%A9%2099'],
    ['請求書', 'invoice', '%E8%AB%8B%E6%B1%82%E6%9B%B8'],
    ['Nr. 7 (it’s *)', 'Nr.-7-it-s', 'Nr.%207%20%28it%E2%80%99s%20-%29'],
    ["L'Oréal 1", 'L-Or-al-1', 'L%27Or%C3%A9al%201'],
  ])('keeps the letters of %j, and has a name in ASCII beside them', (title, plain, whole) => {
    expect(inlineFile(title, 'pdf', 'invoice')).toBe(
      `inline; filename="${plain}.pdf"; filename*=UTF-8''${whole}.pdf`,
    );
  });

  test.each(['../../etc', '2026/7', '"; x="', 'a\r\nset-cookie: b', '\u202efdp.exe', '\ud83d'])(
    'is never a path or a second header: %j',
    (title) => {
      expect(inlineFile(title, 'pdf', 'invoice')).toMatch(
        /^inline; filename="[\w.-]+\.pdf"(; filename\*=UTF-8''[\w.%-]+\.pdf)?$/,
      );
      expect(inlineFile(title, 'pdf', 'invoice')).not.toMatch(/%(2f|5c|22|0d|0a|e2%80%ae)/i);
    },
  );

  test('is the one given instead where the title is empty', () => {
    expect(inlineFile(' ', 'pdf', 'invoice')).toBe('inline; filename="invoice.pdf"');
  });
});

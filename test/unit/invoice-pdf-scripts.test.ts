import { describe, expect, test } from '@jest/globals';
import { type Coverage, fontRuns, REPLACEMENT } from '../../functions/pages/pdf/font-runs.ts';
import { visualOrder } from '../../functions/pages/pdf/visual-order.ts';

const fontOf = (characters: string): Coverage => ({
  covered: new Set(Array.from(characters, (character) => character.codePointAt(0) ?? 0)),
});

describe('which font prints which character', () => {
  const latin = fontOf('abc .');
  const greek = fontOf('αβ a.');

  test('the first font that has a character prints it', () => {
    expect(fontRuns('ab αβ.', [latin, greek], fail)).toEqual([
      { text: 'ab ', face: 0 },
      { text: 'αβ', face: 1 },
      { text: '.', face: 0 },
    ]);
  });

  test('a character that no font has is replaced and told, an emoji of several code points once', () => {
    const uncovered: string[] = [];
    const runs = fontRuns('a👩‍🚀Ж', [latin, greek], (character) => uncovered.push(character));
    expect(runs).toEqual([{ text: `a${REPLACEMENT}${REPLACEMENT}`, face: 0 }]);
    expect(uncovered).toEqual(['👩‍🚀', 'Ж']);
  });

  test('joiners need no glyph, and blanks of every kind are blanks', () => {
    expect(fontRuns('a\u00a0α\u200dβ', [latin, greek], fail)).toEqual([
      { text: 'a ', face: 0 },
      { text: 'αβ', face: 1 },
    ]);
  });
});

describe('the order of a line that runs both ways', () => {
  const linesOnPaper = (...lines: string[]): string[] =>
    visualOrder(lines).map((runs) =>
      runs
        .map(({ text, rightToLeft }) => (rightToLeft ? Array.from(text).reverse().join('') : text))
        .join(''),
    );
  const onPaper = (line: string): string | undefined => linesOnPaper(line)[0];

  test('text from left to right is one run as it stands, and an empty line none', () => {
    expect(visualOrder(['Order 12 (a)', ''])).toEqual([[{ text: 'Order 12 (a)', rightToLeft: false }], []]);
  });

  test('the first letter decides how a paragraph reads', () => {
    expect(onPaper('12 אב c')).toBe('c בא 12');
    expect(onPaper('a אב 12')).toBe('a 12 בא');
  });

  test('right-to-left words in a left-to-right line change places among themselves only', () => {
    expect(onPaper('for אב גד and')).toBe('for דג בא and');
  });

  test('a number in right-to-left text keeps the order of its digits', () => {
    expect(onPaper('אב 12.50 גד')).toBe('דג 12.50 בא');
    expect(onPaper('אב 2026-11-02')).toBe('2026-11-02 בא');
  });

  test('Latin words and brackets in a right-to-left line: words keep their order, brackets enclose', () => {
    expect(onPaper('אב (PT x) גד')).toBe('דג (PT x) בא');
    expect(onPaper('אב (גד)')).toBe('(דג) בא');
  });

  test('a mark at the end goes with its paragraph', () => {
    expect(onPaper('אב!')).toBe('!בא');
    expect(onPaper('ab אב!')).toBe('ab בא!');
  });

  // What UAX #9 demands: brackets go as a pair (rule N0), and a number goes with the letters before it (rules W2 and W7).
  test.each([
    ['شركة النخيل (KW) 12', '12 (KW) ليخنلا ةكرش'],
    ['Acme (شركة) 5', 'Acme (ةكرش) 5'],
    ['مكتب 12 (A) 34', '34 (A) 12 بتكم'],
    ['(شركة) Acme', 'Acme (ةكرش)'],
    ['Suite 5, مكتب 7', 'Suite 5, 7 بتكم'],
    ['رقم 12/3', '12/3 مقر'],
    ['١٢ - ٣٤ ab', '٣٤ - ١٢ ab'],
  ])('brackets and numbers in mixed text stand where they belong: %s', (line, paper) => {
    expect(onPaper(line)).toBe(paper);
  });

  test('a number that begins a line goes with the letters that end the line before', () => {
    expect(linesOnPaper('for אב', '12 גד')).toEqual(['for בא', 'דג 12']);
  });

  test('characters beyond the basic plane go with their own direction', () => {
    expect(onPaper('אב 🚀 גד')).toBe('דג 🚀 בא');
    expect(onPaper('ab 𞤀𞤁 cd')).toBe('ab 𞤁𞤀 cd');
    expect(onPaper('𞤀𞤁 (12)')).toBe('(12) 𞤁𞤀');
  });
});

function fail(character: string): never {
  throw new Error(`${character} was told as uncovered.`);
}

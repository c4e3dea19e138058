import { describe, expect, test } from '@jest/globals';
import { type Coverage, fontRuns, REPLACEMENT } from '../../functions/pages/pdf/font-runs.ts';
import { readsRightToLeft, visualOrder } from '../../functions/pages/pdf/visual-order.ts';

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
  const onPaper = (line: string): string =>
    visualOrder(line, readsRightToLeft(line))
      .map(({ text, rightToLeft }) => (rightToLeft ? Array.from(text).reverse().join('') : text))
      .join('');

  test('text from left to right is one run as it stands', () => {
    expect(visualOrder('Order 12 (a)', false)).toEqual([{ text: 'Order 12 (a)', rightToLeft: false }]);
  });

  test('the first letter decides how a paragraph reads', () => {
    expect(['12 אב', 'a אב', '12', ''].map(readsRightToLeft)).toEqual([true, false, false, false]);
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
});

function fail(character: string): never {
  throw new Error(`${character} was told as uncovered.`);
}

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paragraphsOf, printedText } from '../../functions/pages/pdf/printed-text.ts';
import { wrapText } from '../../functions/pages/pdf/wrap-text.ts';

/** A typewriter: every code unit is one wide. */
const typewriter = (text: string): number => text.length;

describe('breaking a paragraph into lines', () => {
  test('a paragraph that fits stays on one line, and one that doesn’t is broken at a space', () => {
    expect(wrapText('one two', 7, typewriter)).toEqual(['one two']);
    expect(wrapText('one two three', 9, typewriter)).toEqual(['one two', 'three']);
  });

  test('a word wider than a line is broken between characters, never inside one', () => {
    expect(wrapText('ab abcdefghij k', 4, typewriter)).toEqual(['ab', 'abcd', 'efgh', 'ij k']);
    expect(wrapText('x👩‍🚀👩‍🚀', 6, typewriter)).toEqual(['x👩‍🚀', '👩‍🚀']);
  });

  test('a character wider than the line still gets a line', () => {
    expect(wrapText('WW', 0.5, typewriter)).toEqual(['W', 'W']);
  });

  test('nothing but blanks gets lost, and no line is too wide', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 12 }));
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 9 }), (parts, width) => {
        const text = parts.join(' ');
        const lines = wrapText(text, width, typewriter);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('making a text ready for print', () => {
  test('an accent written apart is put on its letter', () => {
    expect(printedText('Lo\u0301dz\u0301')).toBe('L\u00f3d\u017a');
  });

  test('every kind of line break becomes one, and a tab a blank', () => {
    expect(printedText('a\r\nb\rc\u2028d\te')).toBe('a\nb\nc\nd e');
  });

  test('line breaks part paragraphs, but only 50, and nothing is lost', () => {
    expect(paragraphsOf('a\n\nb')).toEqual(['a', '', 'b']);
    const many = Array.from({ length: 120 }, (_, index) => `${index}`);
    const paragraphs = paragraphsOf(many.join('\n'));
    expect(paragraphs).toHaveLength(50);
    expect(paragraphs.join(' ')).toBe(many.join(' '));
  });

  test('characters without a shape go: marks of direction, byte order marks, soft hyphens, controls', () => {
    expect(printedText('\ufeffa\u200e\u00adb\u202e\u0007c\u2066')).toBe('abc');
  });

  test('half a character becomes the sign for an unknown one', () => {
    expect(printedText('a\ud83d')).toBe('a\ufffd');
  });
});

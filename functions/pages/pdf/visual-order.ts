import bidiFactory, { type EmbeddingLevels } from 'bidi-js';

/** A part of a line that runs in one direction. Its text is in reading order; a right-to-left part is set from its right end. */
export interface DirectionalRun {
  text: string;
  rightToLeft: boolean;
}

const RTL_LETTER =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}]/u;

/** Whether the text has a letter of a script that is written from right to left. */
export const hasRightToLeftLetter = (text: string): boolean => RTL_LETTER.test(text);

/** Where Unicode keeps everything that runs from right to left, digits and signs among it. Most texts have none of it and need no algorithm. */
const RTL_BLOCKS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const bidi = bidiFactory();

/**
 * A paragraph's lines, each as the parts that stand on paper from left to right, by the Unicode Bidirectional Algorithm (UAX #9). The
 * algorithm looks at the paragraph as a whole: where a number stands may depend on the end of the line before.
 */
export function visualOrder(lines: readonly string[]): DirectionalRun[][] {
  const paragraph = lines.join(' ');
  if (!RTL_BLOCKS.test(paragraph)) return lines.map(fromTheLeft);
  const levels = bidi.getEmbeddingLevels(inBasicPlane(paragraph));
  let start = 0;
  return lines.map((line) => {
    const runs = lineRuns(paragraph, levels, start, start + line.length);
    start += line.length + 1;
    return runs;
  });
}

const fromTheLeft = (line: string): DirectionalRun[] =>
  line === '' ? [] : [{ text: line, rightToLeft: false }];

/** The paragraph from `start` to before `end`, which are UTF-16 units, as is what is ordered here. */
function lineRuns(paragraph: string, levels: EmbeddingLevels, start: number, end: number): DirectionalRun[] {
  if (start === end) return [];
  const mirrored = bidi.getMirroredCharactersMap(paragraph, levels.levels, start, end - 1);
  const runs: DirectionalRun[] = [];
  let previous: number | undefined;
  for (const unit of bidi.getReorderedIndices(paragraph, levels, start, end - 1).slice(start, end)) {
    const rightToLeft = (levels.levels[unit] ?? 0) % 2 === 1;
    const character = mirrored.get(unit) ?? paragraph.charAt(unit);
    const run = runs.at(-1);
    if (run?.rightToLeft === rightToLeft && previous === (rightToLeft ? unit + 1 : unit - 1)) {
      run.text = rightToLeft ? character + run.text : run.text + character;
    } else {
      runs.push({ text: character, rightToLeft });
    }
    previous = unit;
  }
  return runs;
}

/** For each class of characters beyond the basic plane one within it. */
const OF_THE_SAME_CLASS: Readonly<Record<string, string>> = {
  L: 'a',
  R: '\u05d0',
  AL: '\u0627',
  EN: '1',
  AN: '\u0660',
  NSM: '\u0300',
};
const NEUTRAL = '!';

/** The library looks at UTF-16 units one by one, so a character of two units lends its class to both; what it looks like doesn't matter. */
const inBasicPlane = (text: string): string =>
  text.replace(/[\u{10000}-\u{10ffff}]/gu, (character) =>
    (OF_THE_SAME_CLASS[bidi.getBidiCharTypeName(character)] ?? NEUTRAL).repeat(2),
  );

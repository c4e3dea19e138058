import type { OpenFont } from './font-files.ts';
import { graphemesOf } from './printed-text.ts';

/** What a font has glyphs for. */
export type Coverage = Pick<OpenFont, 'covered'>;

/** Printed in place of a character that no font has: the base font's own sign for that, a question mark in a diamond. */
export const REPLACEMENT = '\ufffd';

/** A part of a text that one font sets; `face` is the font's place in the list. */
export interface FontRun {
  text: string;
  face: number;
}

/**
 * Splits a text by the first font that has its characters. What no font has becomes the replacement sign, one for each character as a
 * reader counts them, and is handed to `onUncovered`.
 */
export function fontRuns(
  text: string,
  faces: readonly Coverage[],
  onUncovered: (character: string) => void,
): FontRun[] {
  // All blanks have one width and one glyph, and must read back as what they are.
  const spaced = text.replace(/\p{Zs}/gu, ' ');
  const [base] = faces;
  if (base && isCovered(spaced, base)) return [{ text: spaced, face: 0 }];
  const runs: FontRun[] = [];
  for (const grapheme of graphemesOf(spaced)) {
    const last = runs.at(-1);
    const found = faces.findIndex((face) => isCovered(grapheme, face));
    const run =
      found >= 0 ? { text: printable(grapheme, faces[found]), face: found } : replace(grapheme, onUncovered);
    if (last?.face === run.face) last.text += run.text;
    else runs.push(run);
  }
  return runs;
}

const JOINER = /^[\u200c\u200d]$/;

/** Joiners say how letters connect; a font without them can still print the letters. */
const isCovered = (text: string, { covered }: Coverage): boolean =>
  Array.from(text).every((character) => covered.has(character.codePointAt(0) ?? 0) || JOINER.test(character));

const printable = (grapheme: string, face: Coverage | undefined): string =>
  Array.from(grapheme)
    .filter((character) => !JOINER.test(character) || face?.covered.has(character.codePointAt(0) ?? 0))
    .join('');

function replace(grapheme: string, onUncovered: (character: string) => void): FontRun {
  onUncovered(grapheme);
  return { text: REPLACEMENT, face: 0 };
}

const LINE_BREAKS = /\r\n?|[\n\v\f\u0085\p{Zl}\p{Zp}]/gu;
/** Invisible characters, apart from the two that choose between forms of letters: zero width joiner and non-joiner. */
const INVISIBLE = /[^\P{Default_Ignorable_Code_Point}\u200c\u200d]/gu;
const CONTROL_BUT_LINE_BREAK = /[^\P{Cc}\n]/gu;

/**
 * A text made ready to be set: well-formed, composed (NFC, so that an accent sits on its letter), line breaks as "\n", tabs as spaces, and
 * without characters that have no shape of their own.
 */
export const printedText = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replace(LINE_BREAKS, '\n')
    .replaceAll('\t', ' ')
    .replace(CONTROL_BUT_LINE_BREAK, '')
    .replace(INVISIBLE, '');

/** More would let 500 short descriptions fill thousands of pages. */
const MOST_LINES = 50;

/** A text's paragraphs; from the 50th on it is one, blanks for its line breaks, so that nothing is lost. */
export function paragraphsOf(text: string): string[] {
  const paragraphs = text.split('\n');
  if (paragraphs.length <= MOST_LINES) return paragraphs;
  return [...paragraphs.slice(0, MOST_LINES - 1), paragraphs.slice(MOST_LINES - 1).join(' ')];
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The text's characters as a reader counts them: a letter with its accents is one, and so is an emoji of several code points. */
export const graphemesOf = (text: string): string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => segment);

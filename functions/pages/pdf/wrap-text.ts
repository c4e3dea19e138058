import { graphemesOf } from './printed-text.ts';

/**
 * Breaks a paragraph into lines no wider than `width`, at its spaces; a word wider than a whole line is broken between characters.
 * `measure` answers a text's width in the unit of `width`.
 */
export function wrapText(paragraph: string, width: number, measure: (text: string) => number): string[] {
  const space = measure(' ');
  const lines: string[] = [];
  let line = '';
  let lineWidth = 0;
  for (const word of paragraph.split(' ')) {
    for (const piece of piecesOf(word, width, measure)) {
      const pieceWidth = measure(piece);
      // Only the first piece of a word comes after a space; the others need a line of their own anyway.
      if (line !== '' && lineWidth + space + pieceWidth > width) {
        lines.push(line);
        line = '';
        lineWidth = 0;
      }
      lineWidth += line === '' ? pieceWidth : space + pieceWidth;
      line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  return [...lines, line];
}

/** A word as it is, or cut to pieces that fill a line each where it is too wide for one. */
function piecesOf(word: string, width: number, measure: (text: string) => number): string[] {
  if (word === '') return [];
  if (measure(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  let pieceWidth = 0;
  for (const grapheme of graphemesOf(word)) {
    const graphemeWidth = measure(grapheme);
    if (piece !== '' && pieceWidth + graphemeWidth > width) {
      pieces.push(piece);
      piece = '';
      pieceWidth = 0;
    }
    piece += grapheme;
    pieceWidth += graphemeWidth;
  }
  return [...pieces, piece];
}

/** The part of fontkit (the font engine inside pdfkit) that is used here; it comes without types. */
declare module 'fontkit' {
  export interface Font {
    /** Every code point the font has a glyph for. */
    readonly characterSet: readonly number[];
    /** The glyphs met so far by their index, each with the characters it was first met for. */
    _glyphs: Record<number, unknown>;
  }
  /** Opens a TrueType or OpenType font; throws where the bytes are neither. */
  export function create(bytes: Uint8Array): Font | { fonts: readonly Font[] };
}

/** The part of bidi-js that is used here. Its own types speak of an ES module, and what Node loads is CommonJS. */
declare module 'bidi-js' {
  /** For each UTF-16 unit how deep it lies in texts of changing direction: odd is right to left. */
  export interface EmbeddingLevels {
    levels: Uint8Array;
    paragraphs: { start: number; end: number; level: number }[];
  }
  /** All places are UTF-16 units; `end` is the last one that belongs to it. */
  export interface Bidi {
    /** Without a direction the first letter decides (UAX #9, rules P2 and P3). */
    getEmbeddingLevels(text: string, direction?: 'ltr' | 'rtl'): EmbeddingLevels;
    /** The places of the whole text, those from start to end in the order they stand on a line. */
    getReorderedIndices(text: string, levels: EmbeddingLevels, start: number, end: number): number[];
    /** What to print in place of brackets and the like in a part that runs from right to left. */
    getMirroredCharactersMap(
      text: string,
      levels: Uint8Array,
      start: number,
      end: number,
    ): Map<number, string>;
    getBidiCharTypeName(character: string): string;
  }
  export default function bidiFactory(): Bidi;
}

declare namespace PDFKit.Mixins {
  interface PDFFont {
    /** pdfkit takes opened fonts since 0.20; its types don't say so yet. */
    registerFont(name: string, font: import('fontkit').Font): this;
  }
}

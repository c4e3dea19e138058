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

declare namespace PDFKit.Mixins {
  interface PDFFont {
    /** pdfkit takes opened fonts since 0.20; its types don't say so yet. */
    registerFont(name: string, font: import('fontkit').Font): this;
  }
}

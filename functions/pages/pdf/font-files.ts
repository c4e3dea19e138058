import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

/** An opened font. Opening costs little, but what it reads from its tables at first use costs more than a page, so it is kept. */
export interface OpenFont {
  font: Font;
  /** Code points it has glyphs for. */
  covered: ReadonlySet<number>;
}

/** The fonts of a document: two weights of one family, and others that step in where it has no glyph, first match first. */
export interface DocumentFonts {
  regular: OpenFont;
  semiBold: OpenFont;
  further: readonly OpenFont[];
}

/**
 * Noto Sans (SIL Open Font License): Latin, Greek and Cyrillic with all their accents. They are named as files of their package, so that
 * a deployment only has to put these two under node_modules beside its bundle.
 */
export const FONT_FILES = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  semiBold: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
} as const;

/**
 * Reads the fonts; do it once in a process. `furtherFiles` are paths of TrueType or OpenType files for other scripts, absolute or as a
 * package names them (`@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf`). Throws an error that names the file
 * which is missing or is no font.
 */
export async function readFonts(furtherFiles: readonly string[] = []): Promise<DocumentFonts> {
  const [regular, semiBold, ...further] = await Promise.all([
    readFont(FONT_FILES.regular),
    readFont(FONT_FILES.semiBold),
    ...furtherFiles.map(readFont),
  ]);
  return { regular, semiBold, further };
}

/**
 * An opened font remembers which character each glyph was first used for, and that goes into a document (several characters may share a
 * glyph). Forgetting it before each document makes the same invoice come out in the same bytes, whatever was rendered before.
 */
export function forgetGlyphs({ regular, semiBold, further }: DocumentFonts): void {
  for (const { font } of [regular, semiBold, ...further]) font._glyphs = {};
}

const require = createRequire(import.meta.url);

async function readFont(file: string): Promise<OpenFont> {
  try {
    const font = create(await readFile(require.resolve(file)));
    if (!('characterSet' in font)) throw new Error('it is a collection of fonts, not one font');
    return { font, covered: new Set(font.characterSet) };
  } catch (cause) {
    throw new Error(
      `The font file ${file} can't be used: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}

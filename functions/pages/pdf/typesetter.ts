import type { DocumentFonts, OpenFont } from './font-files.ts';
import { type FontRun, fontRuns } from './font-runs.ts';
import { graphemesOf, paragraphsOf, printedText } from './printed-text.ts';
import { type DirectionalRun, hasRightToLeftLetter, visualOrder } from './visual-order.ts';
import { wrapText } from './wrap-text.ts';

export type Weight = 'regular' | 'semiBold';

export interface TextStyle {
  weight: Weight;
  /** Points. */
  size: number;
  /** As CSS writes it: `#rrggbb`. */
  color: string;
}

/** A line that is ready to be printed: its parts as they stand on paper, from the left. */
export type SetLine = readonly DirectionalRun[];

/** Measures, breaks and prints texts of any script in one document. All lengths are points; y grows downwards. */
export class Typesetter {
  /** The characters that no font has, in the order they were met. */
  readonly uncovered = new Set<string>();
  readonly #document: PDFKit.PDFDocument;
  readonly #faces: Readonly<Record<Weight, readonly OpenFont[]>>;
  /** Widths at a size of one point. */
  readonly #widths: Readonly<Record<Weight, Map<string, number>>> = {
    regular: new Map(),
    semiBold: new Map(),
  };

  constructor(document: PDFKit.PDFDocument, fonts: DocumentFonts) {
    this.#document = document;
    this.#faces = {
      regular: [fonts.regular, ...fonts.further],
      semiBold: [fonts.semiBold, ...fonts.further],
    };
    document.registerFont('regular', fonts.regular.font);
    document.registerFont('semiBold', fonts.semiBold.font);
    for (const [index, { font }] of fonts.further.entries()) document.registerFont(`further${index}`, font);
  }

  /** A text as lines no wider than `width`. */
  lines(text: string, style: TextStyle, width: number): SetLine[] {
    const measure = (part: string) => this.#width(part, style);
    return paragraphsOf(printedText(text)).flatMap((paragraph) =>
      visualOrder(wrapText(paragraph, width, measure)),
    );
  }

  /** A text as one line, its line breaks as blanks. */
  line(text: string): SetLine {
    return visualOrder([onOneLine(text)]).flat();
  }

  /** The width of a text on one line. */
  width(text: string, style: TextStyle): number {
    return this.#width(onOneLine(text), style);
  }

  /** Prints a line with its left end, or where it is aligned right its right end, at `x`. */
  print(
    line: SetLine,
    x: number,
    baseline: number,
    style: TextStyle,
    align: 'left' | 'right' = 'left',
  ): void {
    const runs = this.#runs(line, style.weight).map((run) => ({ ...run, width: this.#runWidth(run, style) }));
    const total = runs.reduce((sum, run) => sum + run.width, 0);
    let at = align === 'right' ? x - total : x;
    this.#document.fillColor(style.color).fontSize(style.size);
    for (const run of runs) {
      this.#useFace(style.weight, run.face);
      this.#document.text(run.text, at, baseline, {
        lineBreak: false,
        baseline: 'alphabetic',
        ...shaping(run),
      });
      at += run.width;
    }
  }

  #width(text: string, style: TextStyle): number {
    const known = this.#widths[style.weight];
    const seen = known.get(text);
    if (seen !== undefined) return seen * style.size;
    const atOnePoint = this.#runs(visualOrder([text]).flat(), style.weight)
      .map((run) => this.#runWidth(run, { ...style, size: 1 }))
      .reduce((sum, width) => sum + width, 0);
    known.set(text, atOnePoint);
    return atOnePoint * style.size;
  }

  /** The line's parts by font, as they stand on paper. */
  #runs(line: SetLine, weight: Weight): FontRun[] {
    return line.flatMap(({ text, rightToLeft }) => {
      const runs = fontRuns(text, this.#faces[weight], (character) => this.uncovered.add(character));
      return rightToLeft ? runs.reverse().map(fromTheRight) : runs;
    });
  }

  #runWidth(run: FontRun, style: TextStyle): number {
    this.#useFace(style.weight, run.face);
    return this.#document.fontSize(style.size).widthOfString(run.text, shaping(run));
  }

  #useFace(weight: Weight, face: number): void {
    this.#document.font(face === 0 ? weight : `further${face - 1}`);
  }
}

const onOneLine = (text: string): string => printedText(text).replaceAll('\n', ' ').trim();

/** The font engine turns a run round where it has letters of a right-to-left script, and only there. */
const fromTheRight = (run: FontRun): FontRun =>
  hasRightToLeftLetter(run.text) ? run : { ...run, text: graphemesOf(run.text).reverse().join('') };

/** Naming features, even none, makes pdfkit set a run as a whole instead of word by word, which would leave words in the wrong order. */
const shaping = ({ text }: FontRun): { features?: [] } =>
  hasRightToLeftLetter(text) ? { features: [] } : {};

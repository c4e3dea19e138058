import { ascent, FOOTER, lineHeight, MARGIN, QUIET, RULE, WATERMARK_COLOR } from './page-design.ts';
import type { PrintedInvoice } from './printed-invoice.ts';
import type { SetLine, TextStyle, Typesetter } from './typesetter.ts';

const FOOTER_GAP = 14;
/** Room at the foot's right end for "Page 2 of 20". */
const PAGE_NUMBER_WIDTH = 90;
const WATERMARK_SIZE = 130;
const WATERMARK_ANGLE = -38;

/** The pages of a document and the place on them that is printed next. Points; y grows downwards. */
export class Sheet {
  readonly document: PDFKit.PDFDocument;
  readonly type: Typesetter;
  readonly left = MARGIN;
  readonly right: number;
  /** The lowest that content may reach: the foot begins below. */
  readonly bottom: number;
  /** The top of what is printed next. */
  y = MARGIN;
  readonly #printed: PrintedInvoice;
  readonly #footer: SetLine[];

  /** Starts the first page. The document must have been made without one. */
  constructor(document: PDFKit.PDFDocument, type: Typesetter, printed: PrintedInvoice) {
    this.document = document;
    this.type = type;
    this.#printed = printed;
    this.#startPage();
    const { width, height } = document.page;
    this.right = width - MARGIN;
    const footerWidth = this.right - this.left - PAGE_NUMBER_WIDTH;
    this.#footer = type.lines(printed.seller.footer ?? '', FOOTER, footerWidth);
    this.bottom =
      height - MARGIN - this.#footer.length * lineHeight(FOOTER) - FOOTER_GAP + lineHeight(FOOTER);
  }

  get width(): number {
    return this.right - this.left;
  }

  /** What is left of this page. */
  get room(): number {
    return this.bottom - this.y;
  }

  /** The room of a whole page after the first. */
  get pageRoom(): number {
    return this.bottom - MARGIN - 2 * lineHeight(QUIET);
  }

  /** Goes to a new page unless this one has that much room. What no page could hold stays here. */
  keepTogether(height: number): void {
    if (height > this.room && height <= this.pageRoom) this.newPage();
  }

  /** Starts a page with the invoice's name at its head. */
  newPage(): void {
    this.#startPage();
    const { seller, title, number } = this.#printed;
    this.#printFitted(seller.name, this.left, 'left');
    this.#printFitted(`${title} ${number}`, this.right, 'right');
    this.y = MARGIN + 2 * lineHeight(QUIET);
  }

  /** Prints on one line at the page's head, smaller where half the width is too little. */
  #printFitted(text: string, x: number, align: 'left' | 'right'): void {
    const share = this.type.width(text, QUIET) / (this.width / 2);
    const style = share > 1 ? { ...QUIET, size: QUIET.size / share } : QUIET;
    this.type.print(this.type.line(text), x, MARGIN + ascent(QUIET), style, align);
  }

  /** Prints lines one below the other, on further pages where this one ends. */
  flow(lines: readonly SetLine[], style: TextStyle, x = this.left): void {
    for (const line of lines) {
      this.keepTogether(lineHeight(style));
      this.type.print(line, x, this.y + ascent(style), style);
      this.y += lineHeight(style);
    }
  }

  /** A thin line across, at the present height. */
  rule(left: number, width: number, color = RULE): void {
    this.document
      .moveTo(left, this.y)
      .lineTo(left + width, this.y)
      .lineWidth(0.6)
      .strokeColor(color)
      .stroke();
  }

  /** Prints the foot of every page, now that their count is known. */
  finish(): void {
    const { start, count } = this.document.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.document.switchToPage(page);
      this.y = this.bottom + FOOTER_GAP;
      this.rule(this.left, this.width);
      const top = this.y + 5;
      const number = this.type.line(`Page ${page - start + 1} of ${count}`);
      this.type.print(number, this.right, top + ascent(FOOTER), FOOTER, 'right');
      for (const [index, line] of this.#footer.entries()) {
        this.type.print(line, this.left, top + index * lineHeight(FOOTER) + ascent(FOOTER), FOOTER);
      }
    }
  }

  /** The watermark comes first, so that everything else is printed over it. */
  #startPage(): void {
    this.document.addPage();
    const { watermark } = this.#printed;
    if (watermark === undefined) return;
    const style: TextStyle = { weight: 'semiBold', size: WATERMARK_SIZE, color: WATERMARK_COLOR[watermark] };
    const { width, height } = this.document.page;
    const x = (width - this.type.width(watermark, style)) / 2;
    this.document.save().rotate(WATERMARK_ANGLE, { origin: [width / 2, height / 2] });
    this.type.print(this.type.line(watermark), x, height / 2 + WATERMARK_SIZE / 3, style);
    this.document.restore();
  }
}

import { getDocumentProxy } from 'unpdf';

/** A piece of text as it stands on a page. Points from the page's lower left corner. */
export interface PdfText {
  text: string;
  left: number;
  right: number;
  y: number;
  size: number;
  /** Whether it runs at an angle, as a watermark does. */
  rotated: boolean;
}

export interface PdfPage {
  texts: PdfText[];
  /** All that is printed, watermark included, a blank between two pieces that don't touch. */
  text: string;
}

/** Reads a PDF's texts back, page by page. */
export async function readPdf(bytes: Uint8Array): Promise<PdfPage[]> {
  // The reader takes its input for itself.
  const document = await getDocumentProxy(Uint8Array.from(bytes));
  const pages: PdfPage[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const texts = items.flatMap((item) => ('str' in item && item.str.trim() !== '' ? [pdfText(item)] : []));
    pages.push({ texts, text: texts.map(({ text }) => text).join(' ') });
  }
  await document.loadingTask.destroy();
  return pages;
}

const pdfText = (item: { str: string; width: number; transform: number[] }): PdfText => {
  const [scale = 0, slant = 0, , , left = 0, y = 0] = item.transform;
  return {
    text: item.str,
    left,
    right: left + item.width,
    y,
    size: Math.hypot(scale, slant),
    rotated: slant !== 0,
  };
};

/** What a PDF says about itself. */
export async function pdfInformation(bytes: Uint8Array): Promise<Record<string, unknown>> {
  const document = await getDocumentProxy(Uint8Array.from(bytes));
  const { info } = await document.getMetadata();
  await document.loadingTask.destroy();
  return { ...info };
}

/** The one piece of text that reads so; throws where there is none, or more. */
export function only(page: PdfPage | undefined, text: string): PdfText {
  const found = page?.texts.filter((piece) => piece.text === text) ?? [];
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`"${text}" stands ${found.length} times on: ${page?.text}`);
  return first;
}

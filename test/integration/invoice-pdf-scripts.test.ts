import { beforeAll, describe, expect, test } from '@jest/globals';
import { type DocumentFonts, readFonts } from '../../functions/pages/pdf/font-files.ts';
import { renderInvoicePdf } from '../../functions/pages/pdf/render-invoice-pdf.ts';
import { invoiceWith, LINE, SELLER } from './invoice-pdf-sample.ts';
import { readPdf } from './invoice-pdf-text.ts';

const ARABIC = '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf';

let fonts: DocumentFonts;
let withArabic: DocumentFonts;
beforeAll(async () => {
  [fonts, withArabic] = await Promise.all([readFonts(), readFonts([ARABIC])]);
});

async function printed(name: string, set = fonts) {
  const invoice = invoiceWith({ customer: { name }, lines: [{ ...LINE, description: name }] });
  const { bytes, uncovered } = await renderInvoicePdf(invoice, SELLER, { fonts: set, timeZone: 'UTC' });
  const [page] = await readPdf(bytes);
  return { page, uncovered };
}

describe('the fonts that come with it', () => {
  test.each([
    ['Greek', 'Διονυσίου Αρεοπαγίτου 5, Αθήνα'],
    ['Greek of all accents', 'ᾠδὴ τῷ Ἀπόλλωνι'],
    ['Cyrillic', 'ООО «Ярославль», Київ, Ђорђе'],
    ['Polish', 'Zażółć gęślą jaźń, Łódź'],
    ['Turkish', 'İstanbul Işık Ğüşöç'],
    ['Vietnamese', 'Công ty Việt Nam'],
    ['Romanian and Czech', 'Țară și Štěpán Dvořák'],
    ['signs of money', '€ £ ₺ ₴ ₽ zł'],
  ])('print %s, regular and bold', async (_, name) => {
    const { page, uncovered } = await printed(name);
    expect(uncovered).toEqual([]);
    expect(page?.texts.filter(({ text }) => text === name)).toHaveLength(2);
  });

  test('print a replacement sign for what they lack, wide enough to see, and tell each character once', async () => {
    const { page, uncovered } = await printed('東京 🚀東 Ltd 👩‍🚀');
    expect(uncovered).toEqual(['東', '京', '🚀', '👩‍🚀']);
    const replaced = page?.texts.filter(({ text }) => text === '\ufffd\ufffd \ufffd\ufffd Ltd \ufffd') ?? [];
    expect(replaced).toHaveLength(2);
    for (const { left, right } of replaced) expect(right - left).toBeGreaterThan(60);
  });

  test.each([
    'שלום עולם (12)',
    '\u202eabc\u202c',
    'a\u0300\u0301\u0302\u0303\u0304\u0305',
    '\ud83d',
    '\u200d\ufe0f',
    '👨‍👩‍👧‍👦🏳️‍🌈🇩🇪',
    'नमस्ते ไทย 한국어',
    '\u0000\u0007\u001b',
    '\u{10ffff}\u{e0001}',
  ])('get over %j', async (name) => {
    const { page } = await printed(name);
    expect(page?.text).toContain('Balance');
  });
});

describe('a further font', () => {
  test('prints its script, and only what it lacks too is replaced', async () => {
    const name = 'شركة الخليج';
    expect((await printed(name)).uncovered.join('')).toBe('شركةالخيج');
    const { page, uncovered } = await printed(`${name} 東`, withArabic);
    expect(uncovered).toEqual(['東']);
    const arabic = page?.texts.filter(({ text }) => /\p{Script=Arabic}/u.test(text)) ?? [];
    expect(arabic.length).toBeGreaterThan(0);
    expect(page?.text).toContain('\ufffd');
  });

  test('sets letters joined, from the right, and numbers among them from the left', async () => {
    const { page } = await printed('عدد 25 جهاز', withArabic);
    const number = page?.texts.filter(({ text }) => text === '25') ?? [];
    expect(number.length).toBe(2);
    const row = page?.texts.filter(({ y, right }) => y === number[1]?.y && right < 200) ?? [];
    const [first, last] = [
      row.find(({ text }) => text.includes('ع')),
      row.find(({ text }) => text.includes('ج')),
    ];
    expect(first?.left).toBeGreaterThan(number[1]?.right ?? Number.NaN);
    expect(last?.left).toBeLessThan(number[1]?.left ?? Number.NaN);
  });

  test('leaves a document without its script as it was', async () => {
    const render = async (set: DocumentFonts) =>
      (await renderInvoicePdf(invoiceWith(), SELLER, { fonts: set, timeZone: 'UTC' })).bytes;
    expect(Buffer.compare(await render(fonts), await render(withArabic))).toBe(0);
  });

  test('gives the same bytes after other letters of the same shape', async () => {
    // Inside a word these letters are one shape with different dots, and a font has that shape once.
    const render = async (set: DocumentFonts, name: string) =>
      (await renderInvoicePdf(invoiceWith({ customer: { name } }), SELLER, { fonts: set, timeZone: 'UTC' }))
        .bytes;
    const first = await render(await readFonts([ARABIC]), 'نتن');
    const used = await readFonts([ARABIC]);
    await render(used, 'ببب ثثث');
    expect(Buffer.compare(first, await render(used, 'نتن'))).toBe(0);
  });

  test('that is missing, or is no font, is named', async () => {
    await expect(readFonts(['/nowhere/NotoSansThai.ttf'])).rejects.toThrow('/nowhere/NotoSansThai.ttf');
    await expect(readFonts(['@expo-google-fonts/noto-sans/package.json'])).rejects.toThrow(
      /font file @expo-google-fonts\/noto-sans\/package\.json can't be used/,
    );
  });
});

test('a name in two scripts is one line at one height', async () => {
  const { page } = await printed('Gulf شركة Ltd', withArabic);
  const heights = (pattern: RegExp) => page?.texts.filter(({ text }) => pattern.test(text)).map(({ y }) => y);
  expect(heights(/^Ltd$/)).toEqual(heights(/^Gulf$/));
  expect(new Set(heights(/\p{Script=Arabic}/u))).toEqual(new Set(heights(/^Gulf$/)));
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { type DocumentFonts, readFonts } from '../../functions/pages/pdf/font-files.ts';
import { renderInvoicePdf } from '../../functions/pages/pdf/render-invoice-pdf.ts';
import type { Seller } from '../../functions/pages/pdf/seller.ts';
import { invoiceWith, LINE, manyLines, SELLER } from './invoice-pdf-sample.ts';
import { only, type PdfPage, pdfInformation, readPdf } from './invoice-pdf-text.ts';

const A4_WIDTH = 595.28;
const MARGIN = 48;

let fonts: DocumentFonts;
beforeAll(async () => {
  fonts = await readFonts();
});

const render = (invoice: Invoice, seller: Seller = SELLER) =>
  renderInvoicePdf(invoice, seller, { fonts, timeZone: 'Europe/Berlin' });
const pagesOf = async (invoice: Invoice, seller?: Seller): Promise<PdfPage[]> =>
  readPdf((await render(invoice, seller)).bytes);

describe('one page', () => {
  test('says who bills whom, for what, how much of it is paid and where to pay the rest', async () => {
    const payments = [{ paymentId: 'BANK-311', amount: 100000n, paidAt: '2026-11-12' }];
    const [page, ...others] = await pagesOf(invoiceWith({ payments }));
    expect(others).toEqual([]);
    for (const text of [
      'Northwind Instruments GmbH Speicherstraße 12 20457 Hamburg Germany Tax ID: DE123456789 billing@northwind.example',
      'Invoice INV-0042',
      'Issue date 2 Nov 2026 Due date 2 Dec 2026 Currency EUR',
      'Contoso Manufacturing Ltd 1 Harbour Road Dublin 2 Ireland Tax ID: IE1234567T',
      'Calibration of a pressure sensor 2 1,250.00 10% 19% 2,250.00',
      'Tax summary Rate Net (EUR) Tax (EUR) 19% 2,250.00 427.50',
      'Subtotal 2,250.00 EUR Tax 427.50 EUR Total 2,677.50 EUR Amount paid 1,000.00 EUR Balance 1,677.50 EUR',
      'Payments Date Reference Amount (EUR) 12 Nov 2026 BANK-311 1,000.00',
      'Payment details Northwind Instruments GmbH IBAN DE02 1203 0000 0000 2020 51 BIC BYLADEM1001',
      'Page 1 of 1',
      SELLER.footer,
    ]) {
      expect(page?.text).toContain(text);
    }
    expect(page?.texts.some((text) => text.rotated)).toBe(false);
  });

  test.each([
    ['JPY', '125000', ['250,000', '275,000 JPY']],
    ['KWD', '1250.125', ['2,500.250', '2,750.275 KWD']],
    ['EUR', '1250.12', ['2,500.24', '2,750.26 EUR']],
  ])('money in %s has its currency’s decimals', async (currency, unitPrice, amounts) => {
    const lines = [{ description: 'Sensor', quantity: '2', unitPrice, taxRate: '0.1' }];
    const [page] = await pagesOf(invoiceWith({ currency, lines }));
    for (const amount of amounts) expect(page?.texts.map(({ text }) => text)).toContain(amount);
  });

  test('money is aligned right: at its column’s title in the table, at the margin in the totals', async () => {
    const prices = ['1', '1234567.5', '20.25'];
    const lines = prices.map((unitPrice) => ({ description: 'Sensor', quantity: '3', unitPrice }));
    const [page] = await pagesOf(invoiceWith({ lines }));
    const priceColumn = only(page, 'Unit price').right;
    for (const price of ['1.00', '1,234,567.50', '20.25']) {
      expect(only(page, price).right).toBeCloseTo(priceColumn, 1);
    }
    for (const amount of ['3.00', '3,703,702.50', '60.75', 'Page 1 of 1', 'Net (EUR)', 'INV-0042']) {
      expect(only(page, amount).right).toBeCloseTo(A4_WIDTH - MARGIN, 1);
    }
  });

  test('names itself in its properties, with the time of the invoice’s last change', async () => {
    const { bytes } = await render(invoiceWith());
    expect(await pdfInformation(bytes)).toMatchObject({
      Title: 'Invoice INV-0042',
      Author: 'Northwind Instruments GmbH',
      CreationDate: 'D:20261120101530Z',
    });
  });

  test('can be of US letter size', async () => {
    const options = { fonts, timeZone: 'UTC', pageSize: 'LETTER' } as const;
    const [page] = await readPdf((await renderInvoicePdf(invoiceWith(), SELLER, options)).bytes);
    expect(only(page, 'INV-0042').right).toBeCloseTo(612 - MARGIN, 1);
  });
});

describe('many pages', () => {
  test('each has the table’s titles, its number of how many, and the footer; each line stands once', async () => {
    const pages = await pagesOf(invoiceWith({ lines: manyLines(500) }));
    expect(pages.length).toBeGreaterThan(10);
    const all = pages.map(({ text }) => text).join(' ');
    expect(all.match(/Item \d+:/g)).toEqual(Array.from({ length: 500 }, (_, index) => `Item ${index + 1}:`));
    for (const [index, page] of pages.entries()) {
      expect(page.text).toContain('Description Quantity Unit price Tax Net (EUR)');
      expect(page.text).toContain(`Page ${index + 1} of ${pages.length}`);
      expect(page.text).toContain('HRB 12345');
      expect(page.text).toContain('Invoice INV-0042');
    }
  });

  test('nothing is printed into the foot or over the edge', async () => {
    const description = 'A description that goes on and on, as they do. '.repeat(21).slice(0, 1000);
    const pages = await pagesOf(
      invoiceWith({ lines: manyLines(30).map((line) => ({ ...line, description })) }),
    );
    for (const page of pages) {
      const foot = only(page, SELLER.footer ?? '').y;
      for (const { text, left, right, y } of page.texts) {
        expect([text, left >= MARGIN - 0.1, right <= A4_WIDTH - MARGIN + 0.5]).toEqual([text, true, true]);
        if (!text.startsWith('Page ') && text !== SELLER.footer)
          expect([text, y > foot + 8]).toEqual([text, true]);
      }
    }
  });

  test('payments and tax rates that fill pages repeat their titles too', async () => {
    const lines = Array.from({ length: 90 }, (_, rate) => ({
      description: 'Service',
      quantity: '1',
      unitPrice: '100',
      taxRate: `0.${String(rate).padStart(2, '0')}`,
    }));
    const payments = Array.from({ length: 90 }, (_, index) => ({
      paymentId: `pay-${index}`,
      amount: 100n,
      paidAt: '2026-11-12',
    }));
    const pages = await pagesOf(invoiceWith({ lines, payments }));
    const titled = (titles: string) => pages.filter(({ text }) => text.includes(titles)).length;
    expect(titled('Rate Net (EUR) Tax (EUR)')).toBeGreaterThanOrEqual(3);
    expect(titled('Date Reference Amount (EUR)')).toBeGreaterThanOrEqual(3);
    const all = pages.map(({ text }) => text).join(' ');
    expect(all.match(/pay-\d+/g)).toHaveLength(90);
    expect(all).toContain('89% 100.00 89.00');
  });

  test.each(['void', 'draft'] as const)('every page of a %s invoice says so across it', async (state) => {
    const pages = await pagesOf(invoiceWith({ state, lines: manyLines(80) }));
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages) {
      const watermark = only(page, state.toUpperCase());
      expect(watermark.rotated).toBe(true);
      expect(watermark.size).toBeGreaterThan(100);
    }
  });
});

describe('texts of any length', () => {
  test('a description of 1,000 characters is printed whole, as words and as one word', async () => {
    const words = 'Maintenance and repair on site. '.repeat(40).slice(0, 1000);
    const lines = [words, 'X'.repeat(1000)].map((description) => ({ ...LINE, description }));
    const atTheLeft = (await pagesOf(invoiceWith({ lines }))).flatMap(({ texts }) =>
      texts.filter(({ left }) => left < MARGIN + 1),
    );
    const printed = atTheLeft.map(({ text }) => text).join(' ');
    expect(printed).toContain(words.trim());
    expect(printed.match(/X/g)).toHaveLength(1000);
  });

  test('a description of many lines goes over pages, below the titles again', async () => {
    const description = Array.from({ length: 200 }, (_, index) => `L${index}`).join('\n');
    const pages = await pagesOf(invoiceWith({ lines: [{ ...LINE, description }] }));
    const all = pages.map(({ text }) => text).join(' ');
    expect(all.match(/\bL\d+\b/g)).toHaveLength(200);
    for (const page of pages.filter(({ text }) => /\bL\d+\b/.test(text)))
      expect(page.text).toContain('Unit price');
  });

  test('the longest names, addresses and numbers that are let in stay on their side of the page', async () => {
    const seller = { ...SELLER, name: 'N'.repeat(100), address: Array(8).fill('W'.repeat(100)) };
    const customer = {
      name: 'W'.repeat(255),
      address: Array(10).fill('W'.repeat(200)),
      taxId: 'W'.repeat(64),
    };
    const pages = await pagesOf(invoiceWith({ number: 'W'.repeat(64), customer }), seller);
    for (const { texts } of pages) {
      for (const { text, left, right } of texts) {
        expect([text, left >= MARGIN - 0.1, right <= A4_WIDTH - MARGIN + 0.5]).toEqual([text, true, true]);
      }
    }
    const all = pages.map(({ text }) => text).join('');
    expect(all.match(/W/g)).toHaveLength(8 * 100 + 64 * pages.length + 255 + 10 * 200 + 64);
  });

  test('numbers of 15 digits are printed smaller rather than over the description', async () => {
    const lines = [
      {
        description: 'Sensor',
        quantity: '123456789012345',
        unitPrice: '999999999999.999',
        taxRate: '0.12345678',
      },
    ];
    const [page] = await pagesOf(invoiceWith({ lines }));
    const [description, quantity] = [only(page, 'Sensor'), only(page, '123,456,789,012,345')];
    expect(description.right).toBeLessThan(quantity.left);
    expect(quantity.size).toBeLessThan(9);
    expect(quantity.size).toBeGreaterThan(5);
  });

  test('a seller with nothing but a name, and a buyer with nothing but a name, are enough', async () => {
    const [page] = await pagesOf(invoiceWith({ customer: { name: 'Contoso' } }), {
      name: 'Northwind',
      address: [],
      bank: [],
    });
    expect(page?.text).toContain('Billed to Contoso Description');
    expect(page?.text).not.toContain('Payment details');
  });
});

describe('the same bytes', () => {
  test('for the same invoice, whatever was rendered before or at the same time', async () => {
    const invoice = invoiceWith({ customer: { name: 'Łódź' }, lines: manyLines(60) });
    const other = invoiceWith({ customer: { name: 'Αθήνα, Київ' }, state: 'void' });
    const [once, again] = [await readFonts(), await readFonts()];
    const rendered = (set: DocumentFonts, what: Invoice) =>
      renderInvoicePdf(what, SELLER, { fonts: set, timeZone: 'Europe/Berlin' });
    const first = await rendered(once, invoice);
    const [, second] = await Promise.all([other, invoice, other].map((what) => rendered(again, what)));
    expect(Buffer.compare(first.bytes, second?.bytes ?? Buffer.alloc(0))).toBe(0);
    expect(Buffer.compare(first.bytes, (await rendered(again, invoice)).bytes)).toBe(0);
  });

  test('other bytes for another version, though all that is printed is the same', async () => {
    const first = await render(invoiceWith());
    const second = await render(invoiceWith({ version: 4, updatedAt: '2026-11-20T10:15:31.000Z' }));
    expect(Buffer.compare(first.bytes, second.bytes)).not.toBe(0);
  });
});

test('only the glyphs that are used are in the file: a page takes less than 40 kB', async () => {
  expect((await render(invoiceWith({ lines: manyLines(20) }))).bytes.length).toBeLessThan(40_000);
});

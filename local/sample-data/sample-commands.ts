import { asDealId, asInvoiceId } from '../../functions/invoices/identifiers.ts';
import type { IsoDate, IsoDateTime } from '../../functions/invoices/invoice.ts';
import { readAccountingInvoice } from '../../functions/invoices/read-invoice-input.ts';
import type { TimedCommand } from './bulk-ledger.ts';
import { SAMPLE_DEALS } from './sample-deals.ts';

const DAY_MS = 86_400_000;

/** An invoice as the accounting system would send it, with dates as days from today. */
interface Sample {
  id: string;
  /** Where it isn't the id. */
  number?: string;
  deal: string;
  customer: object;
  currency?: string;
  issued: number;
  due: number;
  status: 'draft' | 'open' | 'paid' | 'void';
  lines: object[];
  paid?: { amount: string; day: number };
}

/** The sample data as commands, spread over the weeks before `now` (epoch milliseconds), so that some is overdue whenever it is loaded. */
export function sampleCommands(now: number): TimedCommand[] {
  const samples = [...OVERVIEW, ...TWO, ...CURRENCIES, ...TEXTS, ...many()];
  return samples
    .map((sample): TimedCommand => {
      const reading = readAccountingInvoice(body(sample, now));
      const invoiceId = asInvoiceId(sample.id);
      if (!reading.ok || !invoiceId) throw new Error(`Sample ${sample.id}: ${JSON.stringify(reading)}`);
      return { invoiceId, command: reading.value, at: moment(now, Math.min(sample.issued, -1)) };
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const body = (sample: Sample, now: number): object => ({
  number: sample.number ?? sample.id,
  dealId: asDealId(sample.deal),
  customer: sample.customer,
  currency: sample.currency ?? 'EUR',
  issueDate: day(now, sample.issued),
  dueDate: day(now, sample.due),
  status: sample.status,
  lines: sample.lines,
  link: `https://accounting.example.com/invoices/${sample.id}`,
  ...(sample.paid
    ? {
        payments: [
          { paymentId: `${sample.id}-1`, amount: sample.paid.amount, paidAt: day(now, sample.paid.day) },
        ],
      }
    : {}),
});

const moment = (now: number, days: number): IsoDateTime => new Date(now + days * DAY_MS).toISOString();
const day = (now: number, days: number): IsoDate => moment(now, days).slice(0, 10);

const line = (description: string, quantity: string, unitPrice: string, taxRate = '0.19') => ({
  description,
  quantity,
  unitPrice,
  taxRate,
});

const BRIGHTWATER = {
  name: 'Brightwater Hotels GmbH',
  email: 'accounts@brightwater.example',
  externalId: 'C-2041',
  address: ['Uferstraße 12', '20457 Hamburg', 'Germany'],
  taxId: 'DE811234567',
};

const OVERVIEW: Sample[] = [
  ['INV-0042', -45, -15, 'open', [line('Front desk licence, 12 months', '10', '180.00')]],
  ['INV-0047', -30, -3, 'open', [line('On-site training', '2', '950.00')], { amount: '1000.00', day: -10 }],
  ['INV-0051', -10, 20, 'open', [line('Key card printer', '3', '420.00'), line('Key cards', '500', '0.38')]],
  ['INV-0055', -1, 29, 'draft', [line('Extended support, first quarter', '1', '1200.00')]],
  ['INV-0036', -60, -30, 'paid', [line('Project planning', '3', '850.00')], { amount: '3034.50', day: -33 }],
  ['INV-0038', -55, -25, 'paid', [line('Data migration', '1', '2400.00')]],
  ['INV-0044', -40, -10, 'void', [line('Front desk licence, 12 months', '10', '108.00')]],
].map(([id, issued, due, status, lines, paid]) => {
  return {
    id,
    deal: SAMPLE_DEALS.overview,
    customer: BRIGHTWATER,
    issued,
    due,
    status,
    lines,
    paid,
  } as Sample;
});

const OLIVE = { name: 'Olive & Thyme Ltd', email: 'books@oliveandthyme.example', externalId: 'C-2077' };

const TWO: Sample[] = [
  {
    id: 'INV-0049',
    deal: SAMPLE_DEALS.two,
    customer: OLIVE,
    issued: -12,
    due: 18,
    status: 'open',
    lines: [line('Combi oven', '1', '1850.00'), line('Delivery and set-up', '1', '150.00')],
  },
  {
    id: 'INV-0040',
    deal: SAMPLE_DEALS.two,
    customer: OLIVE,
    issued: -42,
    due: -12,
    status: 'paid',
    lines: [line('Planning', '6', '95.00')],
    paid: { amount: '678.30', day: -14 },
  },
];

const CURRENCIES: Sample[] = [
  { id: 'ME-1001', currency: 'EUR', customer: 'Meridian Europe SA', price: '1250.50', rate: '0.2' },
  {
    id: 'ME-2001',
    currency: 'JPY',
    customer: 'メリディアン・ジャパン株式会社',
    price: '480000',
    rate: '0.1',
  },
  { id: 'ME-3001', currency: 'KWD', customer: 'Meridian Gulf WLL', price: '312.125', rate: '0' },
].map(({ id, currency, customer, price, rate }, index) => ({
  id,
  deal: SAMPLE_DEALS.currencies,
  currency,
  customer: { name: customer },
  issued: -20 + index,
  due: 5 + index,
  status: 'open' as const,
  lines: [line('Annual licence', '3', price, rate)],
}));

const TEXT_SAMPLES = [
  'A customer whose name goes on and on, as the names of merged and renamed holding companies do, limited partnership & Co. KG',
  'شركة النخيل للتجارة والمقاولات المحدودة',
  '<script>alert("not run")</script> & <b>not bold</b>',
  'Bäckerei 🥐 Köstlich 🍰 👩‍🍳',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
];

const TEXT_NUMBERS = [
  'TXT-1',
  'فاتورة TXT-2',
  '<i>TXT-3</i>',
  'TXT-4 🥐',
  'TXT-5-with-a-number-that-goes-on-for-sixty-characters-in-all',
];

const TEXTS: Sample[] = TEXT_SAMPLES.map((name, index) => ({
  id: `TXT-${index + 1}`,
  ...(TEXT_NUMBERS[index] === undefined ? {} : { number: TEXT_NUMBERS[index] }),
  deal: SAMPLE_DEALS.texts,
  customer: { name },
  issued: -9,
  due: 10 + index,
  status: 'open',
  lines: [line(name, '1', '100.00')],
}));

const MANY = 2_000;

/** A frame contract's deliveries: most are paid, the newest are open, a few are overdue. */
function many(): Sample[] {
  const customer = { name: 'Northline Logistics AB', email: 'ap@northline.example', externalId: 'C-1007' };
  return Array.from({ length: MANY }, (_, index) => {
    const issued = -Math.floor(((MANY - index) / MANY) * 60) - 1;
    const due = issued + 14;
    const isOpen = index >= MANY - 200 || index % 97 === 0;
    return {
      id: `NL-${String(index + 1).padStart(5, '0')}`,
      deal: SAMPLE_DEALS.many,
      customer,
      issued,
      due,
      status: isOpen ? 'open' : 'paid',
      lines: [line(`Pallet transport, tour ${1000 + index}`, String(1 + (index % 9)), '138.50')],
    } satisfies Sample;
  });
}

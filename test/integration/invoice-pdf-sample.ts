import type { DealId, InvoiceId } from '../../functions/invoices/identifiers.ts';
import type { Invoice, InvoiceContent, InvoiceLine } from '../../functions/invoices/invoice.ts';
import { computeTotals } from '../../functions/invoices/totals.ts';
import type { Seller } from '../../functions/pages/pdf/seller.ts';

export const SELLER: Seller = {
  name: 'Northwind Instruments GmbH',
  address: ['Speicherstraße 12', '20457 Hamburg', 'Germany'],
  taxId: 'DE123456789',
  email: 'billing@northwind.example',
  bank: ['Northwind Instruments GmbH', 'IBAN DE02 1203 0000 0000 2020 51', 'BIC BYLADEM1001'],
  footer: 'Registered at Amtsgericht Hamburg, HRB 12345. Managing directors: Anna Beispiel, Jan Muster.',
};

export const LINE: InvoiceLine = {
  description: 'Calibration of a pressure sensor',
  quantity: '2',
  unitPrice: '1250.00',
  discountRate: '0.1',
  taxRate: '0.19',
};

type Parts = Partial<Omit<Invoice, 'subtotal' | 'taxTotal' | 'roundingAmount' | 'total'>>;

/** An open invoice in EUR with one line, its totals computed as the ledger does. */
export function invoiceWith(parts: Parts = {}): Invoice {
  const content: InvoiceContent = {
    number: 'INV-0042',
    customer: {
      name: 'Contoso Manufacturing Ltd',
      address: ['1 Harbour Road', 'Dublin 2', 'Ireland'],
      taxId: 'IE1234567T',
    },
    currency: 'EUR',
    issueDate: '2026-11-02',
    dueDate: '2026-12-02',
    lines: [LINE],
    ...parts,
  };
  return {
    invoiceId: 'inv-42' as InvoiceId,
    dealId: '1001' as DealId,
    state: 'open',
    markedPaid: false,
    payments: [],
    version: 3,
    updatedAt: '2026-11-20T10:15:30.000Z',
    origin: 'accounting',
    ...parts,
    ...content,
    ...computeTotals(content),
  };
}

/** Lines that tell themselves apart by the number in their description. */
export const manyLines = (count: number): InvoiceLine[] =>
  Array.from({ length: count }, (_, index) => ({
    description: `Item ${index + 1}: replacement part with a certificate of conformity`,
    quantity: `${(index % 9) + 1}`,
    unitPrice: `${((index * 37) % 900) + 10}.50`,
    taxRate: index % 4 === 0 ? '0.07' : '0.19',
  }));

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Figure } from './figure.ts';
import { sameHeap } from './sync-memory.ts';
import { product } from './sync-products.ts';
import { livingHeap, withFolder } from './sync-program.ts';

const FEW = 20_000;
const MANY = 80_000;

/** The importers' memory for a file, against one four times as large. */
export async function importerMemory(): Promise<Figure[]> {
  const ledger = await startAgreeingLedger();
  const environment = { LEDGER_URL: ledger.url, LEDGER_TOKEN: 'bench-token' };
  const heap = (tool: string, words: string[], lines: Lines) => (records: number) =>
    withFolder(async (folder) => {
      const file = join(folder, `records.${lines.kind}`);
      await writeLines(file, records, lines);
      return livingHeap({ path: `bin/${tool}.ts`, words: [...words, file], environment });
    });
  const invoices = (lines: Lines) => heap('ledger-import', [], lines);
  const products = (lines: Lines) => heap('sync-import', ['products'], lines);
  try {
    return [
      ...(await sameHeap('ledger:import, JSON Lines', [FEW, MANY], invoices(jsonLines(invoice)))),
      ...(await sameHeap('ledger:import, CSV', [FEW, MANY], invoices(INVOICES_CSV))),
      ...(await sameHeap('sync:import, JSON Lines', [FEW, MANY], products(jsonLines(product)))),
      ...(await sameHeap('sync:import, CSV', [FEW, MANY], products(PRODUCTS_CSV))),
    ];
  } finally {
    await ledger.close();
  }
}

const invoice = (number: number) => ({
  invoiceId: `INV-${number}`,
  number: `INV-${number}`,
  customer: { name: 'Northline Logistics AB', email: 'ap@northline.example' },
  currency: 'EUR',
  issueDate: '2026-10-01',
  dueDate: '2026-10-31',
  status: 'open',
  lines: [{ description: 'Pallet transport', quantity: '3', unitPrice: '138.50', taxRate: '0.19' }],
});

/** What a file holds, line by line. */
interface Lines {
  kind: 'jsonl' | 'csv';
  header?: string;
  line: (number: number) => string;
}

const jsonLines = (record: (number: number) => unknown): Lines => ({
  kind: 'jsonl',
  line: (number) => JSON.stringify(record(number)),
});

const INVOICES_CSV: Lines = {
  kind: 'csv',
  header:
    'invoiceId,number,customerName,currency,issueDate,dueDate,status,description,quantity,unitPrice,taxRate',
  line: (number) =>
    `INV-${number},INV-${number},Northline Logistics AB,EUR,2026-10-01,2026-10-31,open,Pallet transport,3,138.50,0.19`,
};

const PRODUCTS_CSV: Lines = {
  kind: 'csv',
  header: 'externalId,updatedAt,name,sku,price,currency',
  line: (number) => `P-${number},2026-11-20T08:00:00Z,Product ${number},SKU-${number},19.90,EUR`,
};

async function writeLines(path: string, count: number, { header, line }: Lines): Promise<void> {
  const file = createWriteStream(path);
  if (header !== undefined) file.write(`${header}\n`);
  for (let number = 1; number <= count; number++) {
    if (!file.write(`${line(number)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

/** A service that takes whatever it is sent: what is measured is the importer. */
async function startAgreeingLedger() {
  const server = createServer(async (request, response) => {
    const { invoices, records = [] } = (await json(request)) as {
      invoices?: unknown[];
      records?: { externalId: string }[];
    };
    const results = invoices
      ? invoices.map(() => ({ outcome: 'created' }))
      : records.map(({ externalId }) => ({ externalId, verdict: 'accepted' }));
    response.writeHead(invoices ? 200 : 202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ results }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

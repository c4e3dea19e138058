/** Where and how a command reaches the simulator. */
type CommandTarget = {
  readonly publicBaseUrl: string;
  readonly ledgerToken: string;
  readonly dealId: string;
  /** Epoch milliseconds; the invoice is issued on that day (UTC) and due 30 days later. */
  readonly now: number;
};

const dayLength = 86_400_000;
const isoDate = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Bash's quoting of one argument. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const invoicePath = '/v1/invoices/try-1001';

const lines = (...parts: readonly string[]): string => parts.join(' \\\n  ');

/** A curl command that sends an invoice for the deal, as the accounting system would. */
export const sendInvoiceCommand = ({ publicBaseUrl, ledgerToken, dealId, now }: CommandTarget): string =>
  lines(
    `curl -X PUT ${quoted(publicBaseUrl + invoicePath)}`,
    `-H ${quoted(`authorization: Bearer ${ledgerToken}`)}`,
    "-H 'content-type: application/json'",
    `-d ${quoted(
      `{"number": "TRY-1001", "dealId": "${dealId}", "customer": {"name": "Acme GmbH"},
    "currency": "EUR", "issueDate": "${isoDate(now)}", "dueDate": "${isoDate(now + 30 * dayLength)}",
    "status": "open", "lines": [{"description": "Onboarding", "quantity": "1",
      "unitPrice": "1000.00", "taxRate": "0.19"}]}`,
    )}`,
  );

/** A curl command that pays that invoice in part. */
export const sendPaymentCommand = ({ publicBaseUrl, ledgerToken, now }: CommandTarget): string =>
  lines(
    `curl -X POST ${quoted(`${publicBaseUrl}${invoicePath}/payments`)}`,
    `-H ${quoted(`authorization: Bearer ${ledgerToken}`)}`,
    "-H 'content-type: application/json'",
    `-d ${quoted(`{"paymentId": "try-payment-1", "amount": "500.00", "paidAt": "${isoDate(now)}"}`)}`,
  );

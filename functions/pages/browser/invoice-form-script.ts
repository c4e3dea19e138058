import { lineEditOf } from '../edit-lines.ts';
import { invoiceMessages } from '../form-messages.ts';
import { type InvoiceFields, readInvoiceFields } from '../invoice-fields.ts';
import { readStatedDraft } from '../stated-draft.ts';
import { totalsView } from '../totals-view.ts';
import { customerLink } from './customer-link.ts';
import { ShownMessages } from './form-messages-shown.ts';
import { LineList } from './line-list.ts';
import { showProducts, takeProduct } from './product-list.ts';
import { sendOnce } from './send-once.ts';
import { ShownTotals } from './shown-totals.ts';

/** The form as it stands. */
const fieldsOf = (form: HTMLFormElement): InvoiceFields =>
  readInvoiceFields(
    [...new FormData(form)].flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );

/** The invoice's form: lines change on the spot, totals follow, what is wrong is said at once, and it is sent once. */
export function invoiceFormScript(form: HTMLFormElement): void {
  customerLink(form);
  const { stated } = form.dataset;
  const draft = stated === undefined ? undefined : readStatedDraft(stated);
  const lines = new LineList(form);
  const totals = new ShownTotals(form, () => totalsView(fieldsOf(form), draft));
  const shown = new ShownMessages(form, () => invoiceMessages(fieldsOf(form), draft));
  const follow = (): void => {
    totals.follow();
    shown.refresh();
  };
  form.addEventListener('input', follow);
  form.addEventListener('submit', (event) => {
    const { submitter } = event;
    const edit = submitter instanceof HTMLButtonElement ? lineEditOf(submitter.value) : undefined;
    if (!submitter || !edit) return;
    event.preventDefault();
    if (edit.kind === 'find-product') showProducts(form, lines.at(edit.line));
    else if (edit.kind === 'take-product') takeProduct(form, submitter);
    else lines.change(edit);
    follow();
  });
  sendOnce(form, () => shown.holds());
}

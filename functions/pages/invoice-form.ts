import { CURRENCY_CODES } from '../invoices/currency.ts';
import { cancelButton } from './cancel-button.ts';
import type { FieldMessage } from './field-messages.ts';
import {
  checkField,
  errorSummary,
  type Field,
  messagesByField,
  multilineField,
  selectField,
  textField,
} from './form-field.ts';
import { type Html, html, NOTHING } from './html.ts';
import { BLANK_LINE, type InvoiceFields } from './invoice-fields.ts';
import { pageTitle } from './page-title.ts';
import type { ProductSearch } from './ports.ts';
import { renderLine } from './render-line.ts';
import { renderTotals } from './render-totals.ts';
import { type StatedDraft, statedDraftText } from './stated-draft.ts';
import { type TotalsView, totalsView } from './totals-view.ts';

/** The create and edit form, as it is drawn. */
export interface InvoiceForm {
  title: string;
  fields: InvoiceFields;
  /** Carries the form's command key. */
  formToken: string;
  /** Where the script renews that token and looks for products. */
  services: FormServices;
  /** The version that is edited; left out for a new invoice. */
  version?: number | undefined;
  /** The draft that is edited, where the accounting system stated its total. */
  draft?: StatedDraft | undefined;
  /** Whether the policy lets this user issue at all. */
  mayIssue: boolean;
  messages: readonly FieldMessage[];
  notices: readonly Notice[];
  search?: { line: number; found: ProductSearch } | undefined;
  /** The list that the form was opened from. */
  listUrl: string | undefined;
  note?: { line: number; text: string } | undefined;
}

export interface FormServices {
  renewUrl: string;
  productsUrl: string;
}

/** Something to tell above a form. */
export interface Notice {
  kind: 'info' | 'success' | 'error';
  text: string;
  link?: { url: string; label: string };
}

export const renderNotice = ({ kind, text, link }: Notice): Html =>
  html`<p class="notice notice-${kind}"${kind === 'info' ? NOTHING : html` role="${kind === 'error' ? 'alert' : 'status'}"`}>${text}${link ? html` <a href="${link.url}">${link.label}</a>` : NOTHING}</p>
`;

/**
 * The form of an invoice. Every button submits it, so that it works before its script loads; the first one, unseen, is what the Enter key
 * presses.
 */
export function renderInvoiceForm(form: InvoiceForm): Html {
  const { fields, formToken, services, version, draft, mayIssue, messages, notices } = form;
  const totals = totalsView(fields, draft);
  return html`${pageTitle(form.title, form.listUrl !== undefined)}
${notices.map(renderNotice)}${errorSummary(messages)}<form method="post" novalidate id="invoice-form" data-renew-url="${services.renewUrl}" data-products-url="${services.productsUrl}"${draft ? html` data-stated="${statedDraftText(draft)}"` : NOTHING}>
<button name="do" value="save" hidden></button>
<input type="hidden" name="formToken" value="${formToken}">
${version === undefined ? NOTHING : html`<input type="hidden" name="version" value="${version}">`}
<input type="hidden" name="known.externalId" value="${fields.known.externalId}">
<input type="hidden" name="known.name" value="${fields.known.name}">
${customerSection(form)}${termsSection(form)}${linesSection(form, totals)}${renderTotals(totals)}<div class="form-actions">
<button class="button button-primary" name="do" value="save">Save as draft</button>
${mayIssue ? html`<button class="button" name="do" value="issue">Save and issue</button>\n` : NOTHING}${cancelButton(form.listUrl)}
<p class="bar-total">Total <strong class="amount" id="bar-total">${totals?.total ?? '–'}</strong></p>
</div>
</form>
<template id="line-template">${renderLine({ line: BLANK_LINE, index: 0, count: 2, amount: '', messages: new Map() })}</template>
`;
}

const inForm = ({ messages }: InvoiceForm): ((name: string, label: string, value: string) => Field) => {
  const byField = messagesByField(messages);
  return (name, label, value) => ({ name, label, value, error: byField.get(name) });
};

function customerSection(form: InvoiceForm): Html {
  const { fields } = form;
  const field = inForm(form);
  return html`<fieldset>
<legend class="section-title">Customer</legend>
<div class="fields">
${textField(field('customer.name', 'Name', fields.customerName))}
${textField({ ...field('customer.email', 'E-mail', fields.customerEmail), optional: true }, 'email')}
${multilineField({ ...field('customer.address', 'Address', fields.customerAddress), optional: true }, 3, 'address')}
${textField({ ...field('customer.taxId', 'Tax ID', fields.customerTaxId), optional: true })}
${fields.known.externalId === '' ? NOTHING : customerLink(form)}</div>
</fieldset>
`;
}

/** Whether the invoice is for the customer that the form came with: another name may be another customer. */
function customerLink(form: InvoiceForm): Html {
  const { known, customerExternalId } = form.fields;
  const label = `Customer ${known.externalId} in the accounting system`;
  return checkField(
    { ...inForm(form)('customer.externalId', label, known.externalId), place: 'field field-whole' },
    customerExternalId === known.externalId,
  );
}

function termsSection(form: InvoiceForm): Html {
  const { fields } = form;
  const field = inForm(form);
  return html`<fieldset>
<legend class="section-title">Dates and currency</legend>
<div class="fields">
${textField({ ...field('issueDate', 'Issue date', fields.issueDate), place: 'field field-third field-half' }, 'date')}
${textField({ ...field('dueDate', 'Due date', fields.dueDate), place: 'field field-third field-half' }, 'date')}
${selectField({ ...field('currency', 'Currency', fields.currency), place: 'field field-third' }, currencies())}
</div>
</fieldset>
`;
}

function linesSection({ fields, messages, search, note }: InvoiceForm, totals: TotalsView | undefined): Html {
  const byField = messagesByField(messages);
  return html`<fieldset>
<legend class="section-title">Lines</legend>
<div id="lines">
${fields.lines.map((line, index) =>
  renderLine({
    line,
    index,
    count: fields.lines.length,
    amount: totals?.lineAmounts[index] ?? '',
    messages: byField,
    search: search?.line === index ? search.found : undefined,
    note: note?.line === index ? note.text : undefined,
  }),
)}</div>
<p class="field-error" id="lines-error">${byField.get('lines')}</p>
<button class="button add-line" name="do" value="add-line" formnovalidate id="add-line">Add line</button>
</fieldset>
<p class="visually-hidden" role="status" id="lines-status"></p>
`;
}

let currencyOptions: readonly (readonly [string, string])[] | undefined;

/** Made once: the names take longer than the rest of the page. */
function currencies(): readonly (readonly [string, string])[] {
  if (!currencyOptions) {
    const names = new Intl.DisplayNames('en', { type: 'currency' });
    currencyOptions = CURRENCY_CODES.map((code): [string, string] => {
      const name = names.of(code) ?? code;
      return [code, name === code ? code : `${code} – ${name}`];
    });
  }
  return currencyOptions;
}

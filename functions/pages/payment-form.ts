import { cancelButton } from './cancel-button.ts';
import type { FieldMessage } from './field-messages.ts';
import { errorSummary, messagesByField, textField } from './form-field.ts';
import type { PaymentFields } from './form-messages.ts';
import { type Html, html } from './html.ts';
import { type Notice, renderNotice } from './invoice-form.ts';
import { pageTitle } from './page-title.ts';

/** The form that records a payment, as it is drawn. */
export interface PaymentForm {
  title: string;
  customer: string;
  /** As people read them: "1,190.00 EUR". */
  total: string;
  balance: string;
  currency: string;
  fields: PaymentFields;
  formToken: string;
  /** The version of the invoice whose balance is shown. */
  version: number;
  renewUrl: string;
  /** The list that the form was opened from. */
  listUrl: string | undefined;
  messages: readonly FieldMessage[];
  notices: readonly Notice[];
}

/** The payment's form. The amount may be less than is owed; the invoice is then partially paid. */
export function renderPaymentForm(form: PaymentForm): Html {
  const byField = messagesByField(form.messages);
  const field = (name: keyof PaymentFields, label: string) => ({
    name,
    label,
    value: form.fields[name],
    error: byField.get(name),
    place: 'field field-half',
  });
  return html`${pageTitle(form.title, form.listUrl !== undefined)}
${form.notices.map(renderNotice)}${errorSummary(form.messages)}<dl class="facts">
<div><dt>Customer</dt><dd>${form.customer}</dd></div>
<div><dt>Total</dt><dd>${form.total}</dd></div>
<div><dt>Balance due</dt><dd>${form.balance}</dd></div>
</dl>
<form method="post" novalidate id="payment-form" data-renew-url="${form.renewUrl}" data-currency="${form.currency}">
<input type="hidden" name="formToken" value="${form.formToken}">
<input type="hidden" name="version" value="${form.version}">
<div class="fields">
${textField(field('amount', `Amount in ${form.currency}`), 'decimal')}
${textField(field('paidAt', 'Paid on'), 'date')}
</div>
<div class="form-actions">
<button class="button button-primary">Record payment</button>
${cancelButton(form.listUrl)}
</div>
</form>
`;
}

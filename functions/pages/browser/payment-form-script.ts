import { paymentMessages } from '../form-messages.ts';
import { ShownMessages } from './form-messages-shown.ts';
import { sendOnce } from './send-once.ts';

/** The payment's form: what is wrong is said at once, and it is sent once. */
export function paymentFormScript(form: HTMLFormElement): void {
  const value = (name: string): string =>
    form.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value ?? '';
  const shown = new ShownMessages(form, () =>
    paymentMessages({ amount: value('amount'), paidAt: value('paidAt') }, form.dataset.currency ?? ''),
  );
  form.addEventListener('input', () => shown.refresh());
  sendOnce(form, () => shown.holds());
}

import * as z from 'zod/mini';
import { frameEnd } from './frame-end.ts';
import { invoiceFormScript } from './invoice-form-script.ts';
import { paymentFormScript } from './payment-form-script.ts';

// The pages' policy lets no text become code, and the schema library would try.
z.config({ jitless: true });

frameEnd(document);
const invoiceForm = document.querySelector<HTMLFormElement>('#invoice-form');
if (invoiceForm) invoiceFormScript(invoiceForm);
const paymentForm = document.querySelector<HTMLFormElement>('#payment-form');
if (paymentForm) paymentFormScript(paymentForm);

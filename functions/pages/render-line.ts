import {
  controlAttributes,
  errorPlace,
  type Messages,
  multilineField,
  optionList,
  textField,
} from './form-field.ts';
import { flag, type Html, html, NOTHING } from './html.ts';
import { ICONS } from './icons.ts';
import type { LineFields } from './invoice-fields.ts';
import type { ProductSearch } from './ports.ts';

/** One line of the form, and what is shown with it. */
export interface RenderedLine {
  line: LineFields;
  index: number;
  /** How many lines the form has: the last can't go down. */
  count: number;
  /** The line's net amount, where it can be told. */
  amount: string;
  messages: Messages;
  /** What the look for a product found, on the line it was asked for. */
  search?: ProductSearch | undefined;
  /** What is told about the product that was taken. */
  note?: string | undefined;
}

/** A line's fields. Its buttons submit the form, which is drawn anew; with the script they do their work on the spot. */
export function renderLine({ line, index, count, amount, messages, search, note }: RenderedLine): Html {
  const name = (part: string): string => `lines[${index}].${part}`;
  const field = (part: keyof LineFields, label: string) => ({
    name: name(part),
    label,
    value: line[part],
    error: messages.get(name(part)),
    place: `line-${part}`,
  });
  const tool = (what: keyof typeof ICONS, label: string, disabled: boolean): Html =>
    html`<button class="icon-button" name="do" value="line-${what}:${index}" formnovalidate aria-label="${label} line ${index + 1}"${flag('disabled', disabled)}>${ICONS[what]}</button>
`;
  return html`<fieldset class="line" data-line>
<legend class="visually-hidden">Line ${index + 1}</legend>
<div class="line-head">
<span class="small quiet" aria-hidden="true">Line ${index + 1}</span>
<div class="line-tools">
<button class="text-button" name="do" value="find-product:${index}" formnovalidate aria-label="Find a product for line ${index + 1}">Find a product</button>
${tool('up', 'Move up', index === 0)}${tool('down', 'Move down', index === count - 1)}${tool('remove', 'Remove', false)}</div>
</div>
<div class="line-grid">
${multilineField(field('description', 'Description'), 1, 'description')}
${textField(field('quantity', 'Quantity'), 'decimal')}
${textField(field('unitPrice', 'Unit price'), 'decimal')}
${discountField(line, name, messages)}
${textField(field('taxRate', 'Tax %'), 'decimal')}
<div class="line-sum"><span class="line-amount-label amount">Amount</span><p class="amount line-amount" data-amount>${amount || '–'}</p></div>
</div>
<input type="hidden" name="${name('productExternalId')}" value="${line.productExternalId}">
<p class="small line-product" data-line-product${flag('hidden', line.productExternalId === '')}>Product <span>${line.productExternalId}</span> <button class="text-button" name="do" value="drop-product:${index}" formnovalidate aria-label="Remove product from line ${index + 1}">Remove product</button></p>
<div class="products" data-products${flag('hidden', search === undefined && note === undefined)}>${search ? foundProducts(search, index) : NOTHING}${note === undefined ? NOTHING : html`<p class="small" role="status">${note}</p>`}</div>
</fieldset>
`;
}

function discountField(line: LineFields, name: (part: string) => string, messages: Messages): Html {
  const field = { name: name('discount'), error: messages.get(name('discount')) };
  const id = name('discount').replace(/\[(\d+)\]\./, '-$1-');
  return html`<div class="line-discount">
<label for="${id}">Discount</label>
<div class="discount"><input ${controlAttributes(field)} type="text" inputmode="decimal" autocomplete="off" class="number" value="${line.discount}"><select name="${name('discountKind')}" id="${id}Kind" aria-label="Discount in">${optionList(
    [
      ['amount', 'amount'],
      ['rate', '%'],
    ],
    line.discountKind,
  )}</select></div>
${errorPlace(field)}
</div>
`;
}

/**
 * The products to choose from, or why there are none. The page's script makes the same list of them. Each button carries its product for the
 * script; without one the server looks the product up anew.
 */
function foundProducts(search: ProductSearch, index: number): Html {
  if (search.kind === 'unavailable') return html`<p class="small">${search.notice}</p>`;
  if (search.products.length === 0) return html`<p class="small">No product matches the description.</p>`;
  return html`<ul>${search.products.map(
    (product) =>
      html`<li><button class="text-button product" name="do" value="take-product:${index}:${product.externalId}" formnovalidate data-product="${JSON.stringify(product)}"><span>${product.name}</span><span class="quiet">${product.detail}</span></button></li>`,
  )}</ul>`;
}

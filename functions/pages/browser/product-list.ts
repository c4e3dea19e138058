import type { Product, ProductSearch } from '../ports.ts';
import { takenProduct } from '../take-product.ts';
import { lineControl } from './line-control.ts';
import { showLinkedProduct } from './linked-product.ts';

/** Looks for products by what stands in a line's description, and shows them below the line to choose from. */
export async function showProducts(form: HTMLFormElement, line: HTMLElement | undefined): Promise<void> {
  const place = line?.querySelector<HTMLElement>('[data-products]');
  const description = lineControl(line, 'description');
  if (!line || !place || !description) return;
  place.hidden = false;
  place.replaceChildren(note('Looking for products…'));
  place.scrollIntoView({ block: 'nearest' });
  const found = await search(form, description.value);
  if (found.kind === 'unavailable') return place.replaceChildren(note(found.notice));
  if (found.products.length === 0) {
    return place.replaceChildren(note('No product matches the description.'));
  }
  const index = [...form.querySelectorAll('[data-line]')].indexOf(line);
  const list = document.createElement('ul');
  list.append(...found.products.map((product) => choice(product, index)));
  place.replaceChildren(list);
  list.querySelector('button')?.focus();
  place.scrollIntoView({ block: 'nearest' });
}

/** Takes the product of a pressed button, whoever drew it, for the button's line. */
export function takeProduct(form: HTMLFormElement, button: HTMLElement): void {
  const line = button.closest<HTMLElement>('[data-line]');
  const place = line?.querySelector<HTMLElement>('[data-products]');
  const description = lineControl(line, 'description');
  const unitPrice = lineControl(line, 'unitPrice');
  const currency = form.querySelector<HTMLSelectElement>('[name="currency"]')?.value ?? '';
  if (!line || !place || !description || !unitPrice || button.dataset.product === undefined) return;
  const product: Product = JSON.parse(button.dataset.product);
  const { changes, note: told } = takenProduct(product, currency);
  description.value = changes.description;
  if (changes.unitPrice !== undefined) unitPrice.value = changes.unitPrice;
  showLinkedProduct(line, changes.productExternalId);
  place.hidden = told === undefined;
  place.replaceChildren();
  if (told === undefined) {
    description.focus();
    return;
  }
  const words = note(told);
  place.append(words);
  unitPrice.addEventListener('input', () => words.remove(), { once: true });
  unitPrice.focus();
}

async function search(form: HTMLFormElement, text: string): Promise<ProductSearch> {
  const url = `${form.dataset.productsUrl}&text=${encodeURIComponent(text.trim())}`;
  const answer = await fetch(url).catch(() => undefined);
  if (answer?.ok) return await answer.json();
  return { kind: 'unavailable', notice: 'The products could not be looked up. Try again in a minute.' };
}

function note(text: string): HTMLElement {
  const paragraph = document.createElement('p');
  paragraph.className = 'small';
  paragraph.setAttribute('role', 'status');
  paragraph.textContent = text;
  return paragraph;
}

/** The same button that the server draws. */
function choice(product: Product, index: number): HTMLElement {
  const button = document.createElement('button');
  button.className = 'text-button product';
  button.name = 'do';
  button.value = `take-product:${index}:${product.externalId}`;
  button.formNoValidate = true;
  button.dataset.product = JSON.stringify(product);
  const label = document.createElement('span');
  label.textContent = product.name;
  const more = document.createElement('span');
  more.className = 'quiet';
  more.textContent = product.detail;
  button.append(label, more);
  const item = document.createElement('li');
  item.append(button);
  return item;
}

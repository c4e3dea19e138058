import type { LineEdit } from '../edit-lines.ts';
import { lineControl } from './line-control.ts';
import { showLinkedProduct } from './linked-product.ts';

/** What changes the list of lines itself. */
type ListEdit = Exclude<LineEdit, { kind: 'find-product' | 'take-product' }>;

/** The lines of the form. Their controls are numbered, so every change numbers them anew. */
export class LineList {
  readonly #form: HTMLFormElement;

  constructor(form: HTMLFormElement) {
    this.#form = form;
  }

  at(index: number): HTMLElement | undefined {
    return this.#lines()[index];
  }

  /** Adds, moves or removes a line, says so, and leaves the focus where the work goes on. */
  change(edit: ListEdit): void {
    switch (edit.kind) {
      case 'add-line':
        this.#say(`Line ${this.#lines().length + 1} added.`);
        this.#focusDescription(this.#add());
        break;
      case 'line-remove':
        this.#remove(edit.line);
        break;
      case 'drop-product':
        this.#dropProduct(edit.line);
        break;
      case 'line-up':
      case 'line-down':
        this.#move(edit.line, edit.kind);
    }
  }

  #lines(): HTMLElement[] {
    return [...this.#form.querySelectorAll<HTMLElement>('[data-line]')];
  }

  #add(): HTMLElement | undefined {
    const template = document.querySelector<HTMLTemplateElement>('#line-template');
    const last = this.#lines().at(-1);
    const added = template?.content.querySelector('[data-line]')?.cloneNode(true);
    if (!(added instanceof HTMLElement)) return undefined;
    const tax = lineControl(added, 'taxRate');
    const lastTax = lineControl(last, 'taxRate');
    if (tax && lastTax) tax.value = lastTax.value;
    this.#form.querySelector('#lines')?.append(added);
    this.#number();
    return added;
  }

  #remove(index: number): void {
    this.at(index)?.remove();
    const next = this.#lines()[Math.min(index, this.#lines().length - 1)] ?? this.#add();
    this.#number();
    this.#say(`Line ${index + 1} removed.`);
    this.#focusDescription(next);
  }

  #dropProduct(index: number): void {
    const line = this.at(index);
    if (!line) return;
    showLinkedProduct(line, '');
    this.#say(`Product removed from line ${index + 1}.`);
    this.#focusDescription(line);
  }

  #move(index: number, direction: 'line-up' | 'line-down'): void {
    const line = this.at(index);
    const other = this.at(direction === 'line-up' ? index - 1 : index + 1);
    if (!line || !other) return;
    if (direction === 'line-up') other.before(line);
    else other.after(line);
    this.#number();
    const place = this.#lines().indexOf(line) + 1;
    this.#say(`Moved to line ${place}.`);
    const tool = (kind: string) => line.querySelector<HTMLButtonElement>(`[value^="${kind}:"]`);
    const pressed = tool(direction);
    // At the end of its way the button is disabled, and what is disabled can't keep the focus.
    (pressed?.disabled ? tool(direction === 'line-up' ? 'line-down' : 'line-up') : pressed)?.focus();
  }

  #number(): void {
    const lines = this.#lines();
    for (const [index, line] of lines.entries()) {
      for (const element of line.querySelectorAll<HTMLElement>(
        '[id], [name], [for], [aria-label], legend, .line-head > span',
      )) {
        numberElement(element, index);
      }
      const [up, down] = ['line-up', 'line-down'].map((kind) =>
        line.querySelector<HTMLButtonElement>(`[value^="${kind}:"]`),
      );
      if (up) up.disabled = index === 0;
      if (down) down.disabled = index === lines.length - 1;
    }
  }

  #focusDescription(line: HTMLElement | undefined): void {
    lineControl(line, 'description')?.focus();
  }

  #say(words: string): void {
    const status = document.querySelector('#lines-status');
    if (status) status.textContent = words;
  }
}

/** Writes the line's number wherever the server has written one. */
function numberElement(element: HTMLElement, index: number): void {
  const rewrite = (attribute: string, pattern: RegExp, number: string): void => {
    const value = element.getAttribute(attribute);
    if (value !== null) element.setAttribute(attribute, value.replace(pattern, number));
  };
  for (const attribute of ['id', 'for', 'aria-describedby'])
    rewrite(attribute, /^lines-\d+/, `lines-${index}`);
  rewrite('aria-label', /line \d+$/, `line ${index + 1}`);
  if (element instanceof HTMLButtonElement) rewrite('value', /:\d+/, `:${index}`);
  else rewrite('name', /^lines\[\d+\]/, `lines[${index}]`);
  if (element.childElementCount === 0 && /^Line \d+$/.test(element.textContent)) {
    element.textContent = `Line ${index + 1}`;
  }
}

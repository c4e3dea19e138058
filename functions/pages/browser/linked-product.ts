import { lineControl } from './line-control.ts';

/** Links a line to a product of the accounting system, by its id, and shows that; to none with an empty one. */
export function showLinkedProduct(line: HTMLElement, externalId: string): void {
  const control = lineControl(line, 'productExternalId');
  const shown = line.querySelector<HTMLElement>('[data-line-product]');
  const name = shown?.querySelector('span');
  if (!control || !shown || !name) return;
  control.value = externalId;
  name.textContent = externalId;
  shown.hidden = externalId === '';
}

/**
 * Unticks the accounting system's customer as the name becomes another's, and ticks it as it becomes that customer's again. What the rep ticks
 * by hand stays: a corrected name may still be the same customer's.
 */
export function customerLink(form: HTMLFormElement): void {
  const control = (name: string) => form.querySelector<HTMLInputElement>(`[name="${name}"]`);
  const name = control('customer.name');
  const link = control('customer.externalId');
  const known = control('known.name')?.value.trim();
  if (!name || !link || known === undefined) return;
  const isKnown = (): boolean => name.value.trim() === known;
  let wasKnown = isKnown();
  name.addEventListener('input', () => {
    if (isKnown() === wasKnown) return;
    wasKnown = !wasKnown;
    link.checked = wasKnown;
  });
}

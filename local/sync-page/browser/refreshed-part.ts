/** Shows a value in its place, and lets the place be where the value is the same as before. */
export type RefreshedPart<Value> = (value: Value) => void;

const focusKeyIn = (place: HTMLElement): string | undefined => {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !place.contains(focused)) return undefined;
  return focused.dataset.focusKey ?? '';
};

/**
 * A part of the page that is drawn anew only when its value looks different. The focus stays on what has the same `data-focus-key`; if that
 * is gone, it goes to the heading of the section.
 */
export const refreshedPart = <Value>(
  place: HTMLElement,
  render: (value: Value) => readonly (Node | string)[],
): RefreshedPart<Value> => {
  let look: string | undefined;
  return (value) => {
    const nextLook = JSON.stringify(value) ?? '';
    if (nextLook === look) return;
    look = nextLook;
    const focusKey = focusKeyIn(place);
    place.replaceChildren(...render(value));
    if (focusKey === undefined) return;
    const keyed = [...place.querySelectorAll<HTMLElement>('[data-focus-key]')];
    const same = keyed.find(({ dataset }) => dataset.focusKey === focusKey);
    (same ?? place.closest('section')?.querySelector<HTMLElement>('h2[tabindex]'))?.focus();
  };
};

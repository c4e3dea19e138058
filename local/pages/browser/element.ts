/** Attributes by name; `undefined` leaves one out. */
type Attributes = Readonly<Record<string, string | undefined>>;

/**
 * Makes an element. Text stays text: a string child becomes a text node, so nothing of a card is ever read as
 * markup.
 */
export const element = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] => {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
};

/** A button that runs `onClick`. */
export const button = (
  attributes: Attributes,
  onClick: () => void,
  ...children: readonly (Node | string)[]
): HTMLButtonElement => {
  const made = element('button', { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', onClick);
  return made;
};

/** The element inside `root` that the page's own markup promises. @throws Error if it isn't there */
export const find = (root: ParentNode, selector: string): HTMLElement => {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
};

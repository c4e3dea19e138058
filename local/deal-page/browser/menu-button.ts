import { button, element } from '../../pages/browser/element.ts';
import { icon } from '../../pages/browser/icon.ts';

/** One entry of a menu. */
export type MenuItem = { readonly label: string; readonly choose: () => void };

let menuCount = 0;

/** Whether a menu is open anywhere on the page. */
export const isMenuOpen = (): boolean => document.querySelector('[role=menu]:not([hidden])') !== null;

/**
 * A button with a menu, operated as the ARIA practices describe: arrow keys, Home and End walk, a letter jumps,
 * Enter chooses, Escape closes and returns to the button, Tab closes and goes on.
 */
export const menuButton = (
  { label, name, focusKey }: { readonly label: string; readonly name: string; readonly focusKey: string },
  items: readonly MenuItem[],
): HTMLElement => {
  const id = `menu-${++menuCount}`;
  const entries = items.map(({ label: text, choose }) =>
    button(
      { role: 'menuitem', tabindex: '-1', dir: 'auto' },
      () => {
        close();
        opener.focus();
        choose();
      },
      text,
    ),
  );
  const list = element(
    'div',
    { role: 'menu', id, hidden: '', 'aria-label': name, class: 'menu' },
    ...entries,
  );
  const opener = button(
    {
      class: 'text-button',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-controls': id,
      'aria-label': name,
      'data-focus-key': focusKey,
      'data-calls': '',
    },
    () => (list.hidden ? open(0) : close()),
    label,
    icon('down'),
  );
  const wrapper = element('div', { class: 'menu-wrapper' }, opener, list);

  const focusEntry = (index: number): void => entries.at(index % entries.length)?.focus();
  const closeFromOutside = (event: Event): void => {
    if (event.target instanceof Node && !wrapper.contains(event.target)) close();
  };
  const open = (index: number): void => {
    list.hidden = false;
    opener.setAttribute('aria-expanded', 'true');
    document.addEventListener('pointerdown', closeFromOutside);
    focusEntry(index);
  };
  const close = (): void => {
    list.hidden = true;
    opener.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', closeFromOutside);
  };
  const focusByLetter = (letter: string, from: number): void => {
    const after = [...entries.slice(from + 1), ...entries.slice(0, from + 1)];
    after.find(({ textContent }) => textContent.toLowerCase().startsWith(letter.toLowerCase()))?.focus();
  };

  opener.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    open(event.key === 'ArrowDown' ? 0 : -1);
  });
  list.addEventListener('keydown', (event) => {
    const at = entries.findIndex((entry) => entry.matches(':focus'));
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      focusEntry(target);
    } else if (event.key === 'Escape') {
      close();
      opener.focus();
    } else if (event.key === 'Tab') {
      close();
      opener.focus();
    } else if (event.key.length === 1 && event.key !== ' ') {
      focusByLetter(event.key, at);
    }
  });
  return wrapper;
};

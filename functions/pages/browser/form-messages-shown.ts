import { type FieldMessage, summaryText } from '../field-messages.ts';
import { controlId, messageTarget } from '../form-field.ts';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const isControl = (element: EventTarget | null): element is Control =>
  element instanceof HTMLInputElement ||
  element instanceof HTMLSelectElement ||
  element instanceof HTMLTextAreaElement;

/** Shows what is wrong: beside a field once somebody has left it, and everywhere once the form was to be sent. */
export class ShownMessages {
  readonly #form: HTMLFormElement;
  readonly #find: () => readonly FieldMessage[];
  #showsAll = false;
  /** Whether a button of the form is held down. A message drawn now would move the button from under the pointer, and the press be lost. */
  #isPressed = false;

  constructor(form: HTMLFormElement, find: () => readonly FieldMessage[]) {
    this.#form = form;
    this.#find = find;
    // What the server found is shown already, and goes away as it is mended.
    this.#showsAll = form.querySelector('[aria-invalid]') !== null;
    form.addEventListener('focusout', ({ target }) => {
      if (!isControl(target) || target.value === '') return;
      target.dataset.left = '';
      if (!this.#isPressed) this.refresh();
    });
    this.#watchPresses(form);
  }

  #watchPresses(form: HTMLFormElement): void {
    form.addEventListener('pointerdown', ({ target }) => {
      this.#isPressed = target instanceof Element && target.closest('button') !== null;
    });
    const release = (): void => {
      if (!this.#isPressed) return;
      this.#isPressed = false;
      // The click comes after this event, to where the button still is.
      setTimeout(() => this.refresh());
    };
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', release);
  }

  /** Looks again, without drawing attention to what nobody has come to yet. */
  refresh(): void {
    this.#draw(this.#find());
  }

  /** Before the form is sent. Where something is wrong it says all of it, leads there, and answers false. */
  holds(): boolean {
    const messages = this.#find();
    this.#showsAll = messages.length > 0;
    this.#draw(messages);
    this.#summarize(messages);
    return messages.length === 0;
  }

  #draw(messages: readonly FieldMessage[]): void {
    const byId = new Map(messages.map(({ field, message }) => [controlId(field), message]));
    for (const place of this.#form.querySelectorAll<HTMLElement>('.field-error')) {
      const id = place.id.replace(/-error$/, '');
      const control = this.#form.ownerDocument.getElementById(id);
      const isDue = this.#showsAll || (control instanceof HTMLElement && control.dataset.left !== undefined);
      const message = isDue ? (byId.get(id) ?? '') : '';
      if (place.textContent !== message) place.textContent = message;
      if (!isControl(control)) continue;
      if (message === '') control.removeAttribute('aria-invalid');
      else control.setAttribute('aria-invalid', 'true');
    }
  }

  #summarize(messages: readonly FieldMessage[]): void {
    const page = this.#form.ownerDocument;
    const summary = page.getElementById('error-summary');
    if (!summary) return;
    summary.hidden = messages.length === 0;
    summary.querySelector('ul')?.replaceChildren(
      ...messages.map((message) => {
        const link = page.createElement('a');
        link.href = `#${messageTarget(message)}`;
        link.textContent = summaryText(message);
        const item = page.createElement('li');
        item.append(link);
        return item;
      }),
    );
    if (messages.length > 0) summary.focus();
  }
}

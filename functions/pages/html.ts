/** Markup that is safe to send: it was written here, and every value in it was escaped. */
export interface Html {
  readonly markup: string;
}

type HtmlValue = string | number | Html | readonly Html[] | undefined;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (sign) => REFERENCES[sign] ?? sign);

function markupOf(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

/**
 * A template tag: `` html`<b>${name}</b>` `` escapes strings, for an element's text and for a quoted attribute, and takes other templates
 * as they are. `undefined` leaves nothing.
 */
export const html = (texts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => ({
  markup: texts.reduce((written, text, index) => written + markupOf(values[index - 1]) + text),
});

/** An attribute without a value where `isThere`, such as `hidden`. The name is written here, never taken from input. */
export const flag = (
  name: 'autofocus' | 'checked' | 'disabled' | 'hidden' | 'selected',
  isThere: boolean,
): Html => ({
  markup: isThere ? ` ${name}` : '',
});

/** Nothing at all. */
export const NOTHING: Html = { markup: '' };

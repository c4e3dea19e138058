import type { CardProperty } from './card.ts';
import { safeLink } from './safe-link.ts';

/** How a value is shown. */
export type ShownValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'amount'; readonly text: string }
  | { readonly kind: 'tag'; readonly text: string; readonly tone: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'invalid' };

const invalid: ShownValue = { kind: 'invalid' };
const tones: ReadonlySet<string> = new Set(['DEFAULT', 'SUCCESS', 'WARNING', 'DANGER', 'INFO']);
const noBreakSpace = '\u00a0';

const isDecimal = (value: string): value is Intl.StringNumericLiteral =>
  /^-?\d{1,30}(\.\d{1,20})?$/.test(value);

/** Groups the digits and changes none: as many decimals as were sent, and no detour over a float. */
const groupDigits = (value: Intl.StringNumericLiteral, locale: string): string => {
  const decimals = value.split('.')[1]?.length ?? 0;
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
};

const showCurrency = ({ value, currencyCode }: CardProperty, locale: string): ShownValue =>
  isDecimal(value) && currencyCode !== undefined && /^[A-Z]{3}$/.test(currencyCode)
    ? { kind: 'amount', text: groupDigits(value, locale) + noBreakSpace + currencyCode }
    : invalid;

const showDate = (value: string, locale: string): ShownValue => {
  const time = Date.parse(`${value}T00:00:00Z`);
  const isDate = !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${value}T`);
  if (!isDate) return invalid;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return { kind: 'text', text: format.format(time) };
};

const showDateTime = (value: string, locale: string): ShownValue => {
  if (!/^\d{1,15}$/.test(value)) return invalid;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return { kind: 'text', text: format.format(Number(value)) };
};

const showLink = ({ value, linkLabel }: CardProperty): ShownValue => {
  const href = safeLink(value);
  const text = linkLabel ?? value;
  return href === undefined ? { kind: 'text', text } : { kind: 'link', text, href };
};

const showStatus = ({ value, optionType = 'DEFAULT' }: CardProperty): ShownValue =>
  tones.has(optionType) ? { kind: 'tag', text: value, tone: optionType.toLowerCase() } : invalid;

/**
 * How HubSpot shows a value of each data type: amounts with grouped digits and their currency's code, dates in the
 * words of the locale (BCP 47), a status as a coloured tag. What doesn't fit its type is `invalid`, also BOOLEAN,
 * which HubSpot's card converter can't show.
 */
export const showValue = (property: CardProperty, locale: string): ShownValue => {
  const { dataType, value } = property;
  switch (dataType) {
    case 'CURRENCY':
      return showCurrency(property, locale);
    case 'DATE':
      return showDate(value, locale);
    case 'DATETIME':
      return showDateTime(value, locale);
    case 'NUMERIC':
      return isDecimal(value) ? { kind: 'text', text: groupDigits(value, locale) } : invalid;
    case 'STATUS':
      return showStatus(property);
    case 'LINK':
      return showLink(property);
    case 'STRING':
    case 'EMAIL':
      return { kind: 'text', text: value };
    default:
      return invalid;
  }
};

import { normalizedEmail } from '../records/desired-content.ts';

/**
 * Whether HubSpot has the value that we want it to have. HubSpot shows null for what is empty, keeps e-mail addresses in lower case, and may
 * write a price with other decimals; blanks around a text and the kind of its line breaks are nobody's change.
 */
export function isSameValue(name: string, wanted: string, actual: string | null | undefined): boolean {
  const [ours, theirs] = [tidy(wanted), tidy(actual ?? '')];
  if (ours === theirs) return true;
  if (name === 'email') return normalizedEmail(ours) === normalizedEmail(theirs);
  if (name === 'price' || name.startsWith('hs_price_')) return amount(ours) === amount(theirs);
  return false;
}

const tidy = (text: string): string => text.replaceAll('\r\n', '\n').trim();

/** A decimal without the zeros that say nothing; as text, so that no digit is lost. Not a decimal: the text itself. */
function amount(text: string): string {
  const match = /^\+?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
  if (text === '' || !match) return text;
  const [, whole = '', fraction = ''] = match;
  return `${whole || '0'}.${fraction}`;
}

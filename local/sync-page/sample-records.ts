/** As many as one press of a button sends. */
export const SAMPLE_PRODUCTS = 50;
export const SAMPLE_CONTACTS = 20;
/** The one product, and the one contact, that HubSpot refuses. */
export const REFUSED_PRODUCT = 'SAMPLE/P-17';
export const REFUSED_CONTACT = 'SAMPLE/C-07';
/** A property that a new portal doesn't have: the refused contact names it. */
export const MISSING_PROPERTY = 'credit_limit';

const GOODS = [
  'Desk',
  'Chair',
  'Lamp',
  'Shelf',
  'Bürostuhl',
  'Çalışma masası',
  'Étagère',
  'طاولة',
  'Cabinet',
  'Stool',
];
const NAMES = [
  'Anna Weber',
  'Li Wei',
  'Zoë Martin',
  'Omar Haddad',
  'Aiko Tanaka',
  "Siobhán O'Neill",
  'José Núñez',
];

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const twoDigits = (number: number): string => String(number).padStart(2, '0');
const inTurn = (texts: readonly string[], number: number): string => texts[number % texts.length] ?? '';

/**
 * Fifty products as the accounting system would send them at `now` (epoch milliseconds). Their prices end in the second of `now`, so that a
 * second press has changes to send. HubSpot refuses one: its billing frequency is none of the options that HubSpot has.
 */
export const sampleProducts = (now: number): readonly Record<string, unknown>[] =>
  numbered(SAMPLE_PRODUCTS).map((number) => {
    const externalId = `SAMPLE/P-${twoDigits(number)}`;
    const cents = twoDigits(new Date(now).getUTCSeconds());
    return {
      externalId,
      updatedAt: new Date(now).toISOString(),
      name: `${inTurn(GOODS, number)} ${twoDigits(number)}`,
      sku: `SAMPLE-${twoDigits(number)}`,
      price: `${10 + number}.${cents}`,
      currency: 'EUR',
      ...(externalId === REFUSED_PRODUCT ? { properties: { recurringbillingfrequency: 'fortnightly' } } : {}),
    };
  });

/**
 * Twenty contacts in the same way; their phone numbers end in the second of `now`. HubSpot refuses one, for a property that the portal doesn't
 * have: it goes through once somebody creates the property.
 */
export const sampleContacts = (now: number): readonly Record<string, unknown>[] =>
  numbered(SAMPLE_CONTACTS).map((number) => {
    const externalId = `SAMPLE/C-${twoDigits(number)}`;
    const [firstName, lastName] = inTurn(NAMES, number).split(' ', 2);
    return {
      externalId,
      updatedAt: new Date(now).toISOString(),
      email: `customer-${twoDigits(number)}@example.com`,
      firstName,
      lastName,
      company: `Sample company ${number}`,
      phone: `+49 30 555 01${twoDigits(new Date(now).getUTCSeconds())}`,
      ...(externalId === REFUSED_CONTACT ? { properties: { [MISSING_PROPERTY]: '5000' } } : {}),
    };
  });

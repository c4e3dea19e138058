/**
 * The address if a browser may follow it: absolute, over http or https. Undefined for anything else, for instance
 * `javascript:`, so that a card's text never becomes a script.
 */
export const safeLink = (address: string | undefined): string | undefined => {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
};

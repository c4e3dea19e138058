/** Headers by lower-case name. */
type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Whether a page of the simulator itself sent this, as far as a browser says so: it always names the origin of a POST, and no script can change
 * what it names. A page elsewhere must not play the accounting system, also not one whose name was made to point to this machine, so
 * the Host header counts for nothing.
 */
export const isFromOwnPage = (headers: Headers, ownOrigins: readonly string[]): boolean => {
  const { origin, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin') return false;
  return origin !== undefined && ownOrigins.includes(origin);
};

/** The origins at which a browser on this machine reaches the simulator: its URL, by address and by name, and the public one. */
export const originsOf = (url: string, publicBaseUrl: string): readonly string[] => {
  const byName = new URL(url);
  byName.hostname = 'localhost';
  return [...new Set([url, byName, publicBaseUrl].map((address) => new URL(address).origin))];
};

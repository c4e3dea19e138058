/** What all of our paths begin with. */
const OURS = /^\/(?:hubspot|pages|v1)\//;

/**
 * A request's path below the public base URL. Behind a custom domain with an API mapping, API Gateway may hand over the path with the
 * mapping's prefix or without it: a prefix that is the base URL's own path is left out, so that it is never there twice.
 */
export function pathBelow(publicBaseUrl: string, path: string): string {
  const prefix = new URL(publicBaseUrl).pathname;
  if (prefix === '/' || !path.startsWith(prefix)) return path;
  const rest = path.slice(prefix.length);
  // Where the prefix is a word of ours, such as /hubspot, the path may begin with it and be whole.
  return OURS.test(rest) ? rest : path;
}

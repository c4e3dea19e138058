import { createHmac } from 'node:crypto';

/** What a token of ours says. Its audience tells what it is for, so that a token of one kind is no good as another. */
export interface Claims {
  aud: string;
  /** Epoch seconds (RFC 7519). */
  exp: number;
  [name: string]: unknown;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

/** Signs the claims as a JWT (RFC 7519, HS256). Synchronous, since a card signs two dozen of them at a time. */
export function signClaims(key: string, claims: Claims): string {
  const signed = `${HEADER}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

/** An HMAC's key shorter than its hash weakens it (RFC 7518, 3.2). */
const SHORTEST_KEY = 32;

/** Reads the secret: keys of at least 32 characters, comma-separated, the one that signs first. Throws where it holds no such keys. */
export function parseTicketKeys(text: string): readonly [string, ...string[]] {
  const [first, ...others] = text
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  if (first === undefined || [first, ...others].some((key) => key.length < SHORTEST_KEY)) {
    throw new Error(`The ticket keys are not as expected: at least ${SHORTEST_KEY} characters each.`);
  }
  return [first, ...others];
}

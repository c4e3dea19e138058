import type { Html } from '../../functions/pages/html.ts';

/** What the simulator's server sends on. */
export type PageAnswer = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
};

const everywhere = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * The card's texts come from whoever writes invoices, so the page runs scripts of its own server only, and Chromium
 * refuses text where markup is expected. Frames are the card's own pages.
 */
const contentSecurityPolicy = (frameOrigins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    ["frame-src 'self'", ...frameOrigins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** A page under a strict content security policy; `frameOrigins` may be framed besides the page's own origin. */
export const htmlAnswer = (page: Html, frameOrigins: readonly string[] = [], status = 200): PageAnswer => ({
  status,
  headers: {
    ...everywhere,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(frameOrigins),
  },
  body: page.markup,
});

export const jsonAnswer = (value: unknown, status = 200): PageAnswer => ({
  status,
  headers: { ...everywhere, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/** A style sheet, script or image of the page; always asked for again, so that a restart shows a change. */
export const assetAnswer = (contentType: string, body: string): PageAnswer => ({
  status: 200,
  headers: { ...everywhere, 'content-type': contentType },
  body,
});

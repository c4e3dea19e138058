import { gzipSync } from 'node:zlib';
import type { PageOperation } from '../../http/html-handler.ts';
import { notFound } from '../../http/problem.ts';
import { BUILT_ASSETS } from './built-assets.ts';

type Extension = keyof typeof BUILT_ASSETS;

const CONTENT_TYPES: Record<Extension, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

const fileName = (extension: Extension): string => `page.${BUILT_ASSETS[extension].hash}.${extension}`;

/** The path of the pages' script or style sheet. It has the content's hash in it, so a browser may keep what it got for ever. */
export const assetPath = (extension: Extension): string => `/pages/assets/${fileName(extension)}`;

const zipped = new Map<Extension, Uint8Array>();

/** `GET /pages/assets/{asset}`: the script or the style sheet, to anyone. Zipped here, since API Gateway doesn't. */
export const pageAsset: PageOperation = async (request) => {
  const extensions: readonly Extension[] = ['js', 'css'];
  const extension = extensions.find((known) => fileName(known) === request.pathParameters.asset);
  if (!extension) throw notFound('There is no such script or style sheet; a newer one has taken its place.');
  const { text } = BUILT_ASSETS[extension];
  const headers = {
    'content-type': CONTENT_TYPES[extension],
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  };
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return { status: 200, headers, body: text };
  const body = zipped.get(extension) ?? gzipSync(text, { level: 9 });
  zipped.set(extension, body);
  return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body };
};

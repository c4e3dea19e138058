import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { BUILT_ASSETS_FILE, builtAssetsModule } from '../../bin/page-assets.ts';
import { BUILT_ASSETS } from '../../functions/pages/assets/built-assets.ts';

test('the script and the style sheet are those that npm run build:pages makes of their sources', async () => {
  const kept = await readFile(new URL(`../../${BUILT_ASSETS_FILE}`, import.meta.url), 'utf8');
  expect(kept === (await builtAssetsModule())).toBe(true);
});

test('zipped they are at most 40 kB together', () => {
  const bytes = Object.values(BUILT_ASSETS).map(({ text }) => gzipSync(text).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(40_000);
});

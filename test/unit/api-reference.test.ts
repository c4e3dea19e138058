import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { apiReference } from '../../bin/api-reference.ts';

test('docs/api.md lists the routes as they are; npm run docs:api writes it anew', async () => {
  const page = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  expect(page).toBe(apiReference());
});

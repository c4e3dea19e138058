import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { secretsManager } from '../../functions/secret-store.ts';

test('a Secrets Manager that takes a request and never answers is given up within three seconds', async () => {
  let requests = 0;
  const silent = createServer(() => {
    requests += 1;
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
  });
  const startedAt = performance.now();
  await expect(secretsManager()('ledgerbridge/ledger-tokens', { forceFetch: true })).rejects.toThrow();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(requests).toBe(2);
  silent.closeAllConnections();
  silent.close();
});

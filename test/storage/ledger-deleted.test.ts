import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freshPortal, invoiceId, replacement } from '../support/invoice-factory.ts';
import { LedgerUnderTest } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await LedgerUnderTest.start();
});
afterAll(() => ledger?.stop());

test('a late message does not bring a deleted invoice back; a newer one does, and goes on with its versions', async () => {
  const portalId = freshPortal();
  const id = invoiceId('A-1');
  const at = (sourceUpdatedAt: string, state: 'open' | 'void') => replacement({ state, sourceUpdatedAt });
  await ledger.run(portalId, id, at('2026-11-10T10:00:00Z', 'open'));
  await ledger.run(portalId, id, at('2026-11-11T10:00:00Z', 'void'));
  await ledger.run(portalId, id, { type: 'delete' });
  expect(await ledger.run(portalId, id, at('2026-11-10T10:00:00Z', 'open'))).toMatchObject({
    kind: 'refused',
    refusal: { code: 'stale' },
  });
  expect(await ledger.run(portalId, id, at('2026-11-12T10:00:00Z', 'open'))).toMatchObject({
    kind: 'created',
    invoice: { version: 4 },
  });
});

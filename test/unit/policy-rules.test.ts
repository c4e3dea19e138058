import { describe, expect, test } from '@jest/globals';
import { mayDo, policyInput, REP_ACTIONS, readPolicy } from '../../functions/rep/policy.ts';

const EUR = (total: bigint) => ({ total, currency: 'EUR' });

describe('A policy', () => {
  test('that isn’t there lets everybody do everything', () => {
    for (const action of REP_ACTIONS) {
      expect(mayDo(readPolicy(undefined), undefined, action, EUR(10n ** 15n))).toBe(true);
    }
  });

  test.each([
    ['anna@example.com', 'anna@example.com', true],
    ['Anna@Example.com', 'anna@example.COM', true],
    ['@example.com', 'anna@example.com', true],
    ['@example.com', 'anna@sub.example.com', false],
    ['@example.com', 'anna@notexample.com', false],
    ['@example.com', undefined, false],
    ['anna@example.com', 'joanna@example.com', false],
  ])('that lists %s answers %s with %s', (listed, email, allowed) => {
    expect(mayDo(readPolicy({ void: { who: [listed] } }), email, 'void')).toBe(allowed);
  });

  test('has a rule for each action, and one for those without', () => {
    const policy = readPolicy({ default: { who: ['boss@example.com'] }, edit: {} });
    expect(mayDo(policy, 'rep@example.com', 'edit')).toBe(true);
    expect(mayDo(policy, 'rep@example.com', 'void')).toBe(false);
    expect(mayDo(policy, 'boss@example.com', 'void')).toBe(true);
  });

  test('limits amounts by currency, credit notes by their size, and allows no currency that it doesn’t list', () => {
    const policy = readPolicy({ issue: { upTo: { EUR: '100.00', JPY: '100' } } });
    const may = (total: bigint, currency: string) =>
      mayDo(policy, 'r@example.com', 'issue', { total, currency });
    expect([may(10_000n, 'EUR'), may(10_001n, 'EUR'), may(-10_001n, 'EUR')]).toEqual([true, false, false]);
    expect([may(100n, 'JPY'), may(101n, 'JPY'), may(1n, 'USD')]).toEqual([true, false, false]);
    expect(mayDo(policy, 'r@example.com', 'issue')).toBe(true);
  });

  test.each([
    null,
    'everyone',
    { void: { who: 'nobody' } },
    { void: { who: ['not an address'] } },
    { void: { upTo: { EUR: '1.005' } } },
    { void: { upTo: { EURO: '1.00' } } },
    { void: { upTo: { EUR: 1 } } },
    { voiding: {} },
  ])('that can’t be read (%j) lets nobody do anything', (stored) => {
    expect(policyInput.safeParse(stored).success).toBe(false);
    for (const action of REP_ACTIONS)
      expect(mayDo(readPolicy(stored), 'rep@example.com', action)).toBe(false);
  });
});

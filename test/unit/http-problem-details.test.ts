import { expect, test } from '@jest/globals';
import { Problem } from '../../functions/http/problem.ts';
import { asProblem } from '../../functions/http/problem-details.ts';
import { LedgerBusyError } from '../../functions/invoices/ledger.ts';

const named = (name: string): Error => Object.assign(new Error('secret text'), { name });

test('a busy ledger is 503 with a time to come again, and nothing was changed', () => {
  expect(asProblem(new LedgerBusyError('A-1')).details).toMatchObject({
    status: 503,
    kind: 'busy',
    headers: { 'retry-after': '1' },
    detail: expect.stringContaining('Nothing was changed'),
  });
});

test.each(['TimeoutError', 'ThrottlingException', 'ProvisionedThroughputExceededException'])(
  'a table that gives up with %s is 503 with a time to come again, and claims nothing of what was done',
  (name) => {
    expect(asProblem(named(name)).details).toMatchObject({
      status: 503,
      kind: 'unavailable',
      headers: { 'retry-after': '1' },
      detail: expect.stringContaining('may or may not have been done'),
    });
  },
);

test('what we did not expect is 500 without a word of its text; a problem stays as it is', () => {
  expect(asProblem(named('TypeError')).details).toMatchObject({ status: 500, kind: 'internal' });
  expect(JSON.stringify(asProblem(named('TypeError')).details)).not.toContain('secret');
  const problem = new Problem({ status: 404, kind: 'not-found', title: 'No.' });
  expect(asProblem(problem)).toBe(problem);
});

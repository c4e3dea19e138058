import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import {
  countArgument,
  portalArgument,
  requiredPortal,
  userPath,
} from '../../bin/command-line/argument-values.ts';
import { isInRange, numbersToRead, resendRange } from '../../bin/command-line/events-resend/resend-range.ts';
import { explainFailure } from '../../bin/command-line/explain-failure.ts';
import { importSummary, refusedLine } from '../../bin/command-line/ledger-import/import-summary.ts';
import { ledgerAddress } from '../../bin/command-line/ledger-import/ledger-address.ts';
import { progressBar } from '../../bin/command-line/progress-bar.ts';
import { resumeFile } from '../../bin/command-line/resume-file.ts';
import { clientSettings, TABLE_HELP, tableAccess } from '../../bin/command-line/service-access.ts';

describe('arguments', () => {
  test('a value that is none is refused with what was expected', () => {
    expect(() => portalArgument('x1')).toThrow(/--portal is "x1"; expected a HubSpot object id/);
    expect(() => requiredPortal(undefined)).toThrow(/Pass --portal/);
    for (const text of ['0', '17', '2.5', '', '-1', '1e1']) {
      expect(() => countArgument('parallel', text, 1, 16)).toThrow(/from 1 to 16/);
    }
    expect(countArgument('parallel', '16', 1, 16)).toBe(16);
  });

  test('an absolute path is taken as it is', () => {
    expect(userPath('/data/x.csv')).toBe('/data/x.csv');
  });
});

describe('the ledger’s address', () => {
  test('the simulator’s own address has its own token, and says so', () => {
    expect(ledgerAddress(undefined, {})).toMatchObject({
      url: 'http://127.0.0.1:3000',
      token: 'local-ledger-token',
      notice: expect.stringContaining('LEDGER_TOKEN is not set'),
    });
  });

  test('any other address needs a token, and encryption unless it is on this machine', () => {
    expect(() => ledgerAddress('https://ledger.example.com', {})).toThrow(/LEDGER_TOKEN is not set/);
    expect(() => ledgerAddress('http://ledger.example.com', { LEDGER_TOKEN: 't' })).toThrow(/not encrypted/);
    expect(() => ledgerAddress('ftp://x', { LEDGER_TOKEN: 't' })).toThrow(/expected one such as/);
    expect(
      ledgerAddress(undefined, { LEDGER_URL: 'https://ledger.example.com/api/', LEDGER_TOKEN: 't' }),
    ).toEqual({
      url: 'https://ledger.example.com/api',
      token: 't',
      notice: undefined,
    });
  });

  test('a token that no header can carry is refused without being shown', () => {
    expect(() => ledgerAddress('https://x.example', { LEDGER_TOKEN: 'geheim\n' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('geheim') }),
    );
  });
});

describe('the ledger’s table', () => {
  test('on AWS it must be named; a local endpoint has the simulator’s', () => {
    expect(() => tableAccess({}, {})).toThrow(/Which table\?/);
    expect(tableAccess({ table: 't' }, { LEDGER_TABLE: 'other' }).tableName).toBe('t');
    expect(tableAccess({ endpoint: 'http://127.0.0.1:8000' }, {}).tableName).toBe('ledgerbridge-ledger');
    expect(tableAccess({}, { AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:1' }).tableName).toBe(
      'ledgerbridge-ledger',
    );
    expect(() => tableAccess({ endpoint: 'no url' }, {})).toThrow(/expected a URL/);
  });

  test('its options stand in the column of the others in --help', () => {
    const options = TABLE_HELP.split('\n').filter((line) => /^ *--/.test(line));
    expect(options.map((line) => line.search(/\S/))).toEqual([2, 2]);
  });

  test('the user’s own credentials never go to a local endpoint', () => {
    const own = { AWS_ACCESS_KEY_ID: 'own', AWS_SECRET_ACCESS_KEY: 'own' };
    expect(clientSettings('http://127.0.0.1:8000', own)).toMatchObject({
      credentials: { accessKeyId: 'local' },
    });
    expect(clientSettings('https://dynamodb.example.com', own)).not.toHaveProperty('credentials');
    expect(clientSettings(undefined, own)).toEqual({});
  });
});

describe('what is sent again', () => {
  test('ends are numbers, whole days or moments, and included', () => {
    const days = resendRange('2026-01-02', '2026-01-03');
    expect(isInRange(days, 1, '2026-01-01T23:59:59.999Z')).toBe(false);
    expect(isInRange(days, 1, '2026-01-02T00:00:00.000Z')).toBe(true);
    expect(isInRange(days, 1, '2026-01-03T23:59:59.999Z')).toBe(true);
    expect(isInRange(days, 1, '2026-01-04T00:00:00.000Z')).toBe(false);
    const numbers = resendRange('5', '7');
    expect([4, 5, 7, 8].map((number) => isInRange(numbers, number, '2026-01-01'))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isInRange(resendRange('2026-01-02T10:00:00+02:00', undefined), 9, '2026-01-02T08:00:00Z')).toBe(
      true,
    );
  });

  test('only the numbers asked for are read, and none beyond the newest', () => {
    expect(numbersToRead(resendRange('5', '700'), 20)).toEqual({ first: 5, last: 20 });
    expect(numbersToRead(resendRange('2026-01-01', undefined), 20)).toEqual({ first: 1, last: 20 });
  });

  test.each(['0', '-1', 'yesterday', '2026-02-30', '2026-01-02T10:00:00'])('%s is no end', (text) => {
    expect(() => resendRange(text, undefined)).toThrow(/expected a number of the feed/);
  });
});

describe('failures', () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name });

  test('what a user can act on is a sentence without a stack', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(explainFailure(refused)).toBe(
      "The service can't be reached: connect ECONNREFUSED 127.0.0.1:1. Nothing listens there; the simulator has other addresses at each start, and prints them.",
    );
    expect(explainFailure(named('CredentialsProviderError', 'x'))).toMatch(/No AWS credentials/);
    expect(explainFailure(named('ResourceNotFoundException', 'no table'))).toMatch(
      /no such thing .*no table/,
    );
    expect(explainFailure(new Error('Region is missing'))).toMatch(/AWS_REGION/);
  });

  test('what nobody foresaw keeps its stack', () => {
    expect(explainFailure(new TypeError('x is undefined'))).toMatch(/TypeError: x is undefined\n\s+at /);
  });
});

test('refused lines are listed up to a number, then the file is named once', () => {
  const line = { line: 7, invoiceId: 'A-1', problem: 'no due date.', sent: {} };
  expect(refusedLine(line, 20, '/x')).toBe('Line 7, invoice A-1: no due date.');
  expect(refusedLine(line, 21, '/x')).toMatch(/and more: \/x/);
  expect(refusedLine(line, 22, '/x')).toBeUndefined();
});

test('an import’s summary names what needs an explanation', () => {
  const none = { created: 0, updated: 0, unchanged: 0, stale: 0, rejected: 0 };
  expect(importSummary(none, '/x')).toBe('The file holds no invoice.');
  expect(importSummary({ ...none, created: 1 }, '/x')).toBe(
    '1 invoice: 1 created, 0 updated, 0 unchanged, 0 stale, 0 rejected.',
  );
  expect(importSummary({ ...none, rejected: 2, stale: 1 }, '/x')).toMatch(/newer change\.\n.*\/x$/);
});

describe('a resume point', () => {
  const schema = z.object({ at: z.number() });

  test('it is read as it was written, leaves nothing else behind, and is gone when removed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resume-'));
    const file = resumeFile(join(folder, 'point'), schema);
    expect(await file.read()).toBeUndefined();
    await file.write({ at: 1 });
    await file.write({ at: 2 });
    expect(await file.read()).toEqual({ at: 2 });
    expect(await readdir(folder)).toEqual(['point']);
    await file.remove();
    expect(await file.read()).toBeUndefined();
    await rm(folder, { recursive: true });
  });

  test('what another program wrote there is not overwritten silently', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resume-'));
    const file = resumeFile(join(folder, 'point'), schema);
    for (const text of ['', 'half {', '{"at":"x"}']) {
      await writeFile(file.path, text);
      await expect(file.read()).rejects.toThrow(/is not a resume point .*--from-start/);
    }
    await rm(folder, { recursive: true });
  });
});

describe('a progress bar', () => {
  const terminal = (isTTY: boolean) => {
    const written: string[] = [];
    const stream = Object.assign(Object.create(process.stderr), {
      isTTY,
      write: (text: string) => written.push(text) > 0,
    });
    return { stream, written };
  };

  test.each([
    ['on a terminal after two seconds', true, 2_000, true],
    ['not before', true, 1_999, false],
    ['never without a terminal', false, 60_000, false],
  ])('shows %s', (_case, isTTY, after, shown) => {
    const { stream, written } = terminal(isTTY);
    let now = 0;
    const progress = progressBar('items', 10, () => now, stream);
    now = after;
    progress.update(5);
    progress.stop();
    expect(written.join('').includes('5 of 10 items')).toBe(shown);
  });
});

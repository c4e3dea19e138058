import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseReconcileSettings } from '../../functions/sync/reconcile/reconcile-settings.ts';
import { SYNC_REASONS } from '../../functions/sync/sync-reasons.ts';

const CODE_ROW = /^\| `([a-z-]+)` \| (.*?) \| (.*?) \|$/gm;

describe('docs/sync-failures.md', () => {
  let rows: RegExpMatchArray[];
  beforeAll(async () => {
    const page = await readFile('docs/sync-failures.md', 'utf8');
    rows = [...page.matchAll(CODE_ROW)];
  });

  test('has each reason code once, and none that isn’t there', () => {
    expect(rows.map(([, code]) => code).sort()).toEqual(Object.keys(SYNC_REASONS).sort());
  });

  test.each(Object.entries(SYNC_REASONS))(
    'says of %s what the failure itself says',
    (code, { meaning, remedy }) => {
      expect(rows.find((row) => row[1] === code)?.slice(2)).toEqual([meaning, remedy]);
    },
  );
});

describe('docs/sync-guarantees.md', () => {
  test('names the settings of reconcile with their defaults', async () => {
    const page = await readFile('docs/sync-guarantees.md', 'utf8');
    const { onHubSpotEdit, callsPerRun, callEveryMs, startHour } = parseReconcileSettings({});
    expect(page).toContain(`| \`ON_HUBSPOT_EDIT\` | \`${onHubSpotEdit}\` |`);
    expect(page).toContain(
      `| \`RECONCILE_HOUR\`, \`RECONCILE_CALLS\`, \`RECONCILE_CALLS_PER_10S\` | ${startHour}, ${callsPerRun}, ${10_000 / callEveryMs} |`,
    );
  });
});

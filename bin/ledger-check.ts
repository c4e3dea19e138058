/** `npm run ledger:check`: holds rows, summaries, histories and the feed to the invoices, and repairs what can be. */
import { setTimeout as wait } from 'node:timers/promises';
import { FeedStore } from '../functions/feed/feed-store.ts';
import { numberEvents } from '../functions/feed/number-events.ts';
import { checkLedger } from '../functions/invoices/ledger-check/check-ledger.ts';
import { CheckStore } from '../functions/invoices/ledger-check/check-store.ts';
import { LedgerStore } from '../functions/invoices/ledger-store.ts';
import { cachedSettings } from '../functions/invoices/settings-cache.ts';
import { noWords, portalArgument } from './command-line/argument-values.ts';
import { CheckReport } from './command-line/ledger-check/check-report.ts';
import { FeedCheck } from './command-line/ledger-check/feed-check.ts';
import { progressBar } from './command-line/progress-bar.ts';
import { runTool } from './command-line/run-tool.ts';
import { TABLE_HELP, TABLE_OPTIONS, tableAccess } from './command-line/service-access.ts';

const HELP = `
Holds what is derived in the ledger's table to the invoices themselves: every invoice has its
one row, on the right deal and equal to it; every deal's summary is the sum of its invoices;
every change is in its invoice's history and has its number in the feed, without gaps.

  npm run ledger:check -- [--portal ID] [--repair] [--table NAME] [--endpoint URL]

  --portal ID        Only this portal. (The whole table is read all the same.)
  --repair           Put right what can be. Safe while the ledger is in use.
${TABLE_HELP}

Exit code 0: all agrees, or was repaired. 1: problems are left. 2: wrong arguments.
`;

await runTool({
  name: 'ledger:check',
  help: HELP,
  options: { portal: { type: 'string' }, repair: { type: 'boolean', default: false }, ...TABLE_OPTIONS },
  run: async ({ portal, repair, table, endpoint }, words) => {
    noWords(words);
    const portalId = portal === undefined ? undefined : portalArgument(portal);
    const access = tableAccess({ table, endpoint });
    const store = new CheckStore(access);
    const feed = new FeedStore(access);
    const ledger = new LedgerStore(access);
    const progress = progressBar('items', await store.roughItemCount());
    const report = new CheckReport(progress.print);
    const timing = { now: Date.now, wait, random: Math.random };
    const context = { store, repair, report: report.add, timing };
    const feedCheck = new FeedCheck(
      context,
      cachedSettings((id) => ledger.settings(id)),
      (id, entries, retentionDays) => numberEvents(feed, id, entries, retentionDays, wait),
    );
    let passed = 0;
    const onPassed = (items: number): void => {
      passed = items;
      progress.update(items);
    };
    try {
      await checkLedger(context, { portalId, watchers: [feedCheck], onPassed });
    } finally {
      progress.stop();
      access.close();
    }
    console.log(report.summary(passed, repair));
    return report.left === 0 ? 0 : 1;
  },
});

import { createLedgerbridge } from '../lib/ledgerbridge.ts';

/** What `cdk` runs: the context comes from cdk.json and from `-c name=value`. */
createLedgerbridge().app.synth();

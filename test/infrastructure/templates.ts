import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { createLedgerbridge, type Ledgerbridge } from '../../lib/ledgerbridge.ts';
import { repository } from './synthesize.ts';

const { context: flags } = JSON.parse(readFileSync(join(repository, 'cdk.json'), 'utf8'));

/** The app with cdk.json's context and what `-c` would add, without bundles: only the templates matter. */
export const ledgerbridgeWith = (context: Record<string, string> = {}): Ledgerbridge =>
  createLedgerbridge({ context: { ...flags, ...context, 'aws:cdk:bundling-stacks': [] } });

export const templatesOf = ({ data, service }: Ledgerbridge) => ({
  data: Template.fromStack(data),
  service: Template.fromStack(service),
});

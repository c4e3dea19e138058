import type { ObjectType } from '../../../functions/hubspot/hubspot-api.ts';
import type { AdoptCounts } from './adopt-point.ts';
import type { Finding } from './entries.ts';
import type { Pair } from './link-pairs.ts';

/** What a record is told by where our property is not in HubSpot. */
export const VALUE_NAME: Readonly<Record<ObjectType, string>> = {
  products: 'SKU',
  contacts: 'e-mail address',
};

/** Something that is not simply linked. */
export type Remark = Exclude<Finding, { kind: 'pair' }> | { kind: 'not-now'; pair: Pair; why: string };

const listed = (ids: readonly string[]): string => ids.join(', ');

/** A remark as one line of text; `by` names what the records were told by. */
export function remarkLine(finding: Remark, by: string): string {
  switch (finding.kind) {
    case 'ambiguous':
      return `Ambiguous: ${by} ${JSON.stringify(finding.value)} is that of ${listed(finding.externalIds)} here, and of ${listed(finding.hubspotIds)} in HubSpot.`;
    case 'contested':
      return `Ambiguous: HubSpot's ${finding.hubspotId} has the ${by} of several here: ${finding.rivals.map(({ externalId, by: value }) => `${externalId} (${JSON.stringify(value)})`).join(', ')}.`;
    case 'surplus':
      return `Surplus: ${finding.externalId} is linked to ${finding.linkedTo}, and HubSpot has its external id on ${listed(finding.hubspotIds)} too.`;
    case 'not-now':
      return `Not now: ${finding.pair.externalId} and HubSpot's ${finding.pair.hubspotId}: ${finding.why}.`;
    case 'unknown':
      return `Unknown: HubSpot has the external id ${finding.externalId} on ${listed(finding.hubspotIds)}, and there is no such record here.`;
  }
}

/** The closing sentences. */
export function adoptSummary(counts: AdoptCounts, type: ObjectType, dryRun: boolean): string {
  const { inHubSpot, linkedBefore, ours, linked, ambiguous, surplus, unknown, notNow } = counts;
  const sentences = [
    `${inHubSpot} ${type} in HubSpot, ${ours} here; ${linkedBefore} were linked before.`,
    `${linked} ${dryRun ? 'would be linked' : 'linked'}, ${ambiguous} ambiguous, ${surplus} surplus, ${unknown} unknown, ${notNow} not now.`,
  ];
  if (ambiguous > 0) {
    sentences.push(
      'Ambiguous ones are left alone: remove what is double, or write the external id into our property in HubSpot, and call this again.',
    );
  }
  if (unknown > 0) {
    sentences.push(
      'Unknown ones: send these records (sync:import), and call this again before the hold is released.',
    );
  }
  if (linked > 0 && !dryRun) sentences.push('What was linked is written with our values by the worker.');
  return sentences.join('\n');
}

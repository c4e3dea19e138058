import type { Finding, HubSpotEntry, OwnEntry } from './entries.ts';

/** What follows from the values of our own property: the findings, and which of our records have to be told by something else. */
export function matchByKey(
  theirs: readonly HubSpotEntry[],
  ours: readonly OwnEntry[],
): { findings: Finding[]; left: OwnEntry[] } {
  const own = new Map(ours.map((entry) => [entry.externalId, entry]));
  const inHubSpot = Map.groupBy(theirs, ({ value }) => value);
  const findings = [...inHubSpot].map(([externalId, entries]): Finding => {
    const hubspotIds = idsOf(entries);
    const record = own.get(externalId);
    if (!record) return { kind: 'unknown', externalId, hubspotIds };
    if (record.hubspotId !== undefined) {
      return { kind: 'surplus', externalId, linkedTo: record.hubspotId, hubspotIds };
    }
    return pairOrAmbiguous(externalId, [externalId], entries);
  });
  const left = ours.filter(
    ({ externalId, hubspotId }) => hubspotId === undefined && !inHubSpot.has(externalId),
  );
  return { findings, left };
}

/** What follows from SKUs or e-mail addresses. Values that only one side has say nothing. */
export function matchByValue(theirs: readonly HubSpotEntry[], ours: readonly OwnEntry[]): Finding[] {
  const own = Map.groupBy(ours, ({ value }) => value);
  return [...Map.groupBy(theirs, ({ value }) => value)].flatMap(([value, entries]): Finding[] => {
    const externalIds = own.get(value)?.map(({ externalId }) => externalId) ?? [];
    return externalIds.length === 0 ? [] : [pairOrAmbiguous(value, externalIds, entries)];
  });
}

function pairOrAmbiguous(
  value: string,
  externalIds: readonly string[],
  entries: readonly HubSpotEntry[],
): Finding {
  const hubspotIds = idsOf(entries);
  const [externalId, anotherOfOurs] = externalIds;
  const [hubspotId, anotherOfTheirs] = hubspotIds;
  if (
    externalId === undefined ||
    hubspotId === undefined ||
    anotherOfOurs !== undefined ||
    anotherOfTheirs !== undefined
  ) {
    return { kind: 'ambiguous', value, externalIds: [...externalIds], hubspotIds };
  }
  return { kind: 'pair', externalId, hubspotId, createdAt: entries[0]?.createdAt };
}

const idsOf = (entries: readonly HubSpotEntry[]): string[] => [
  ...new Set(entries.map(({ hubspotId }) => hubspotId)),
];

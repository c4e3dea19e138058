import type { Candidate, Finding, HubSpotEntry, OwnEntry } from './entries.ts';

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

/**
 * What SKUs or e-mail addresses say: what they leave open, and which of ours each record in HubSpot may be. That is not yet who it is: a contact has several
 * addresses, and each may be another customer's ({@link matchByRecord}). Values that only one side has say nothing.
 */
export function matchByValue(
  theirs: readonly HubSpotEntry[],
  ours: readonly OwnEntry[],
): { findings: Finding[]; candidates: Candidate[] } {
  const own = Map.groupBy(ours, ({ value }) => value);
  const findings: Finding[] = [];
  const candidates: Candidate[] = [];
  for (const [value, entries] of Map.groupBy(theirs, (entry) => entry.value)) {
    const externalIds = own.get(value)?.map(({ externalId }) => externalId) ?? [];
    if (externalIds.length === 0) continue;
    const finding = pairOrAmbiguous(value, externalIds, entries);
    const alone = finding.kind === 'pair';
    if (!alone) findings.push(finding);
    for (const { hubspotId, createdAt } of entries) {
      for (const externalId of externalIds) {
        candidates.push({ value: hubspotId, externalId, by: value, alone, createdAt });
      }
    }
  }
  return { findings, candidates };
}

/** What follows for each record in HubSpot: it is ours where nobody else of ours has one of its values. What {@link matchByValue} told already isn't told again. */
export function matchByRecord(candidates: readonly Candidate[]): Finding[] {
  return [...Map.groupBy(candidates, ({ value }) => value)].flatMap(([hubspotId, found]): Finding[] => {
    const single = found.find(({ alone }) => alone);
    if (!single) return [];
    const { externalId, createdAt } = single;
    if (found.every((candidate) => candidate.externalId === externalId)) {
      return [{ kind: 'pair', externalId, hubspotId, createdAt }];
    }
    return [
      { kind: 'contested', hubspotId, rivals: found.map(({ externalId, by }) => ({ externalId, by })) },
    ];
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

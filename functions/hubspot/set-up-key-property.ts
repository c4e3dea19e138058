import type { CallFailure } from './call-failure.ts';
import type { HubSpotApi, NewProperty, ObjectType } from './hubspot-api.ts';
import { KEY_PROPERTIES, keyPropertyIn, uniqueNameBeside } from './key-property.ts';

/** What the set-up needs of HubSpot. */
export interface PropertyAdministration extends Pick<HubSpotApi, 'listProperties' | 'createProperty'> {
  /** Creates our property group where it is missing. */
  ensureGroup(
    type: ObjectType,
    group: { name: string; label: string },
  ): Promise<{ kind: 'done' } | CallFailure>;
}

export type SetUpOutcome =
  /** The portal has the unique property. */
  | { kind: 'ready'; property: string; created: boolean; ordinary?: string }
  /** The portal has no unique property of ours. `ordinary` is one that can at least be searched. */
  | { kind: 'without'; reason: string; ordinary?: string }
  /** Nothing is certain: HubSpot could not be asked. */
  | { kind: 'failed'; reason: string };

const GROUP = { name: 'ledgerbridge', label: 'Ledgerbridge' };
const LABELS: Readonly<Record<ObjectType, string>> = {
  contacts: 'Ledgerbridge customer id',
  products: 'Ledgerbridge product id',
};

/**
 * Gives a portal the unique property that holds our external ids, unless it has one; changes nothing where it has.
 *
 * 1. Create it, in our group; beside an ordinary property of its name, under the name with `_key`.
 * 2. Read it back: a portal may create it and not keep it unique.
 * 3. Where HubSpot refuses a unique one, create an ordinary one, which can be searched.
 */
export async function setUpKeyProperty(
  hubspot: PropertyAdministration,
  type: ObjectType,
): Promise<SetUpOutcome> {
  const found = await hubspot.listProperties(type);
  if (found.kind !== 'properties') return { kind: 'failed', reason: found.reason };
  const before = keyPropertyIn(type, found.properties);
  if (before.unique !== undefined) return { kind: 'ready', property: before.unique, created: false };

  const wanted =
    before.ordinary === undefined ? KEY_PROPERTIES[type] : uniqueNameBeside(KEY_PROPERTIES[type]);
  if (found.properties.some(({ name }) => name === wanted)) return notKeptUnique(before.ordinary);
  const group = await hubspot.ensureGroup(type, GROUP);
  if (group.kind !== 'done') return refusedOrFailed(group, before.ordinary);
  const created = await hubspot.createProperty(type, newProperty(type, wanted, true));
  // A conflict: somebody created it since, and reading back tells what it is.
  if (created.kind !== 'property' && created.kind !== 'conflict') {
    if (created.kind !== 'refused' || before.ordinary !== undefined) {
      return refusedOrFailed(created, before.ordinary);
    }
    const ordinary = await hubspot.createProperty(type, newProperty(type, wanted, false));
    return refusedOrFailed(created, ordinary.kind === 'property' ? wanted : undefined);
  }

  const again = await hubspot.listProperties(type);
  if (again.kind !== 'properties') return { kind: 'failed', reason: again.reason };
  const { unique, ordinary } = keyPropertyIn(type, again.properties);
  if (unique === undefined) return notKeptUnique(ordinary);
  return { kind: 'ready', property: unique, created: true, ...(ordinary === undefined ? {} : { ordinary }) };
}

const newProperty = (type: ObjectType, name: string, hasUniqueValue: boolean): NewProperty => ({
  name,
  label: LABELS[type],
  description: "The id of the record in the accounting system. Ledgerbridge's own: please leave it as it is.",
  groupName: GROUP.name,
  type: 'string',
  fieldType: 'text',
  hasUniqueValue,
});

const notKeptUnique = (ordinary: string | undefined): SetUpOutcome => ({
  kind: 'without',
  reason: 'HubSpot created the property and does not keep its values unique.',
  ...(ordinary === undefined ? {} : { ordinary }),
});

function refusedOrFailed(failure: CallFailure, ordinary: string | undefined): SetUpOutcome {
  const isRefusal = failure.kind === 'refused' || failure.kind === 'forbidden';
  if (!isRefusal) return { kind: 'failed', reason: failure.reason };
  return { kind: 'without', reason: failure.reason, ...(ordinary === undefined ? {} : { ordinary }) };
}

const LOOKUP: Readonly<Record<ObjectType, string>> = {
  contacts: 'by e-mail address, else by exact name',
  products: 'by SKU, else by exact name',
};

/** The outcome in plain sentences, one a line. */
export function describeSetUp(type: ObjectType, outcome: SetUpOutcome): string[] {
  switch (outcome.kind) {
    case 'ready':
      return [
        outcome.created
          ? `${type}: created the unique property ${outcome.property}.`
          : `${type}: the unique property ${outcome.property} is there; nothing was changed.`,
        ...(outcome.created && outcome.ordinary !== undefined
          ? [
              `  An ordinary property ${outcome.ordinary} was there before; uniqueness can't be added to it, so it stays as it is.`,
            ]
          : []),
      ];
    case 'without':
      return [
        `${type}: this portal has no unique property for our ids. ${outcome.reason}`,
        `  What that costs: the sync still works and still makes no duplicates, but more slowly. It creates and updates instead of upserting,`,
        outcome.ordinary === undefined
          ? `  and after a lost answer it must look a record up by search (${LOOKUP[type]}, among those created since), which lags by up to a minute;`
          : `  and after a lost answer it must look a record up by search on the ordinary property ${outcome.ordinary}, which lags by up to a minute;`,
        '  a record that cannot be told from another is reported as failed instead of being created again.',
        `  What to do: let the app create properties (scope crm.schemas.${type}.write), check that fewer than ten unique properties exist, and run this again.`,
      ];
    case 'failed':
      return [`${type}: HubSpot could not be asked. ${outcome.reason}`];
  }
}

import type { CallFailure } from './call-failure.ts';
import type { HubSpotApi, NewProperty, ObjectType, PropertyDefinition } from './hubspot-api.ts';
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
  /** Properties were to be unique, and HubSpot did not keep them so: with them in the way no other try can do better. */
  | { kind: 'not-kept'; ordinary: string; inTheWay: string[] }
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
 * 3. Where HubSpot refuses a unique one, create an ordinary one, which can be searched. It has a label of its own, by which it is told from
 *    one that was to be unique: beside that one no second is tried, or each call would leave another.
 */
export async function setUpKeyProperty(
  hubspot: PropertyAdministration,
  type: ObjectType,
): Promise<SetUpOutcome> {
  const found = await hubspot.listProperties(type);
  if (found.kind !== 'properties') return { kind: 'failed', reason: found.reason };
  const before = keyPropertyIn(type, found.properties);
  if (before.unique !== undefined) return { kind: 'ready', property: before.unique, created: false };

  const isFirstTaken = found.properties.some(({ name }) => name === KEY_PROPERTIES[type]);
  const wanted = isFirstTaken ? uniqueNameBeside(KEY_PROPERTIES[type]) : KEY_PROPERTIES[type];
  const inTheWay = isFirstTaken ? notKept(type, found.properties) : [];
  if (before.ordinary !== undefined && inTheWay.length > 0) {
    return { kind: 'not-kept', ordinary: before.ordinary, inTheWay };
  }
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
  if (unique === undefined) return { kind: 'not-kept', ordinary: ordinary ?? wanted, inTheWay: [wanted] };
  return { kind: 'ready', property: unique, created: true, ...(ordinary === undefined ? {} : { ordinary }) };
}

const newProperty = (type: ObjectType, name: string, hasUniqueValue: boolean): NewProperty => ({
  name,
  label: labelOf(type, hasUniqueValue),
  description: "The id of the record in the accounting system. Ledgerbridge's own: please leave it as it is.",
  groupName: GROUP.name,
  type: 'string',
  fieldType: 'text',
  hasUniqueValue,
});

const labelOf = (type: ObjectType, isUnique: boolean): string =>
  isUnique ? LABELS[type] : `${LABELS[type]} (not unique)`;

/** The ordinary properties because of which a unique one can't be made: those that were to be one, and whatever has the second name. */
function notKept(type: ObjectType, definitions: readonly PropertyDefinition[]): string[] {
  const second = uniqueNameBeside(KEY_PROPERTIES[type]);
  const wasToBeUnique = ({ groupName, label }: PropertyDefinition) =>
    groupName === GROUP.name && label === labelOf(type, true);
  return definitions
    .filter(
      (definition) =>
        definition.name === second || (definition.name === KEY_PROPERTIES[type] && wasToBeUnique(definition)),
    )
    .map(({ name }) => name);
}

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
        ...cost(type, outcome.ordinary),
        `  What to do: let the app create properties (scope crm.schemas.${type}.write), check that fewer than ten unique properties exist, and run this again.`,
      ];
    case 'not-kept':
      return [
        `${type}: this portal has no unique property for our ids: HubSpot has ${outcome.inTheWay.join(' and ')}, and does not keep the values unique.`,
        ...cost(type, outcome.ordinary),
        `  What to do: nothing, where the account has no unique properties for ${type}. Where it has them by now, archive ${outcome.inTheWay.join(' and ')} in HubSpot (Settings → Properties), and run this again.`,
      ];
    case 'failed':
      return [`${type}: HubSpot could not be asked. ${outcome.reason}`];
  }
}

const cost = (type: ObjectType, ordinary: string | undefined): string[] => [
  '  What that costs: the sync still works and still makes no duplicates, but more slowly. It creates and updates instead of upserting,',
  ordinary === undefined
    ? `  and after a lost answer it must look a record up by search (${LOOKUP[type]}, among those created since), which lags by up to a minute;`
    : `  and after a lost answer it must look a record up by search on the ordinary property ${ordinary}, which lags by up to a minute;`,
  '  a record that cannot be told from another is reported as failed instead of being created again.',
];

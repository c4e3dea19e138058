import { validationError } from './hubspot-error.ts';
import { arrayOf, objectOf, stringOf, wordOf } from './json-shape.ts';
import { type ObjectType, objectTypeOf } from './object-types.ts';
import type { Portal } from './portal.ts';
import { findRecord } from './record-writes.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** HubSpot's own association type ids, by direction. */
const TYPE_IDS = { 'deals→line_items': 19, 'line_items→deals': 20 } as const;

/**
 * Associates a new record with those its request names. Only deal ↔ line item is imitated; products are never associated.
 * @throws HubSpotError 400 for another pair or a malformed association, 404 for a record that isn't there
 */
export function associateNew(
  portal: Portal,
  work: UnitOfWork,
  type: ObjectType,
  id: string,
  associations: unknown,
): void {
  if (associations === undefined) return;
  for (const entry of arrayOf(associations, 'associations')) {
    const { to, types } = objectOf(entry, { name: 'PublicAssociationsForObject', required: ['to', 'types'] });
    const target = stringOf(objectOf(to, { name: 'PublicObjectId', required: ['id'] }).id, 'to.id');
    for (const spec of arrayOf(types, 'types')) {
      const fields = objectOf(spec, {
        name: 'AssociationSpec',
        required: ['associationCategory', 'associationTypeId'],
      });
      const categories = ['HUBSPOT_DEFINED', 'USER_DEFINED', 'INTEGRATOR_DEFINED'] as const;
      wordOf(fields.associationCategory, 'associationCategory', categories);
      associateAs(portal, work, type, id, target, fields.associationTypeId);
    }
  }
}

function associateAs(
  portal: Portal,
  work: UnitOfWork,
  type: ObjectType,
  id: string,
  target: string,
  associationTypeId: unknown,
): void {
  if (type === 'line_items' && associationTypeId === TYPE_IDS['line_items→deals']) {
    work.associate(findRecord(portal, 'deals', target).id, id);
    return;
  }
  if (type === 'deals' && associationTypeId === TYPE_IDS['deals→line_items']) {
    work.associate(id, findRecord(portal, 'line_items', target).id);
    return;
  }
  throw validationError(`${String(associationTypeId)} is no association type from ${type}`);
}

/** The `associations` of a read: HubSpot names line items with a space there. Absent when there are none. */
export function associationsView(
  portal: Portal,
  type: ObjectType,
  id: string,
  requested: readonly string[],
): Record<string, unknown> {
  const associations: Record<string, unknown> = {};
  for (const name of requested) {
    const to = objectTypeOf(name);
    if (to === undefined) throw validationError(`${name} is no object type`);
    const ids = portal.data.associated(type, id, to);
    if (ids.length === 0) continue;
    const label = type === 'deals' ? 'deal_to_line_item' : 'line_item_to_deal';
    associations[to.replace('_', ' ')] = { results: ids.map((other) => ({ id: other, type: label })) };
  }
  return Object.keys(associations).length === 0 ? {} : { associations };
}

/** The answer of the association endpoint of one record. */
export function associationPage(portal: Portal, type: ObjectType, id: string, to: ObjectType): unknown {
  const typeId = type === 'deals' ? TYPE_IDS['deals→line_items'] : TYPE_IDS['line_items→deals'];
  const associationTypes = [{ category: 'HUBSPOT_DEFINED', typeId, label: null }];
  return {
    results: portal.data.associated(type, id, to).map((other) => ({ toObjectId: other, associationTypes })),
  };
}

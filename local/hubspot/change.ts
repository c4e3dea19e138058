import type { StoredCard } from './card-definition.ts';
import type { CrmRecord } from './crm-record.ts';
import type { ObjectType } from './object-types.ts';
import type { PropertyDefinition } from './property-definition.ts';

/** One change of a portal's data, as it is applied in memory and written to the log. */
export type Change =
  | { readonly kind: 'record'; readonly type: ObjectType; readonly record: CrmRecord }
  | { readonly kind: 'association'; readonly dealId: string; readonly lineItemId: string }
  | { readonly kind: 'property'; readonly type: ObjectType; readonly definition: PropertyDefinition }
  | { readonly kind: 'property-removed'; readonly type: ObjectType; readonly name: string }
  | {
      readonly kind: 'group';
      readonly type: ObjectType;
      readonly group: { name: string; label: string; displayOrder: number };
    }
  | { readonly kind: 'card'; readonly card: StoredCard }
  | { readonly kind: 'card-removed'; readonly cardId: string };

/** The changes of one answered request: wholly in the log or not at all. */
export interface LogEntry {
  readonly portalId: string;
  readonly changes: readonly Change[];
}

import type { StoredCard } from './card-definition.ts';
import type { Change } from './change.ts';
import type { CrmRecord } from './crm-record.ts';
import { ObjectTable } from './object-table.ts';
import { OBJECT_TYPE_NAMES, type ObjectType } from './object-types.ts';
import { SearchIndex } from './search-index.ts';

const FIRST_ID = 501;

/** Everything one portal holds. */
export class PortalData {
  readonly cards = new Map<string, StoredCard>();
  readonly searchIndex = new SearchIndex();
  readonly #tables: ReadonlyMap<ObjectType, ObjectTable>;
  readonly #lineItemsOfDeal = new Map<string, Set<string>>();
  readonly #dealOfLineItem = new Map<string, string>();
  #lastId = FIRST_ID - 1;

  constructor(currencies: readonly string[]) {
    this.#tables = new Map(OBJECT_TYPE_NAMES.map((type) => [type, new ObjectTable(type, currencies)]));
  }

  table(type: ObjectType): ObjectTable {
    const table = this.#tables.get(type);
    if (table === undefined) throw new Error(`no table for ${type}`);
    return table;
  }

  /** A new id: a decimal string, higher than every earlier one of this portal, whatever the object type. */
  nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'record':
        this.#reserve(change.record.id);
        this.table(change.type).put(change.record);
        return;
      case 'association':
        this.#associate(change.dealId, change.lineItemId);
        return;
      case 'property':
        this.table(change.type).setDefinition(change.definition);
        return;
      case 'property-removed':
        this.table(change.type).removeDefinition(change.name);
        return;
      case 'group':
        this.table(change.type).groups.set(change.group.name, change.group);
        return;
      case 'card':
        this.#reserve(change.card.id);
        this.cards.set(change.card.id, change.card);
        return;
      case 'card-removed':
        this.cards.delete(change.cardId);
        return;
    }
  }

  /** The ids of associated records: deal ↔ line items is the only pair that is imitated. */
  associated(from: ObjectType, id: string, to: ObjectType): string[] {
    if (from === 'deals' && to === 'line_items') return [...(this.#lineItemsOfDeal.get(id) ?? [])];
    if (from === 'line_items' && to === 'deals') return [this.#dealOfLineItem.get(id) ?? []].flat();
    return [];
  }

  /** Takes a line item from its deal, as the undoing of `association`. */
  dissociate(lineItemId: string): void {
    const dealId = this.#dealOfLineItem.get(lineItemId);
    if (dealId !== undefined) this.#lineItemsOfDeal.get(dealId)?.delete(lineItemId);
    this.#dealOfLineItem.delete(lineItemId);
  }

  /** The portal's data as the fewest changes that lead to it. */
  *compacted(): Generator<Change> {
    for (const [type, table] of this.#tables) {
      for (const group of table.groups.values()) yield { kind: 'group', type, group };
      for (const definition of table.definitions.values()) {
        if (!definition.hubspotDefined) yield { kind: 'property', type, definition };
      }
      for (const record of table.all()) yield { kind: 'record', type, record };
    }
    for (const [lineItemId, dealId] of this.#dealOfLineItem)
      yield { kind: 'association', dealId, lineItemId };
    for (const card of this.cards.values()) yield { kind: 'card', card };
  }

  /** Fills the search index after a restart, in the order of the writes. */
  reindex(): void {
    const writes: { type: ObjectType; record: CrmRecord }[] = [];
    for (const [type, table] of this.#tables) for (const record of table.all()) writes.push({ type, record });
    writes.sort((left, right) => left.record.updatedAt - right.record.updatedAt);
    for (const { type, record } of writes) this.searchIndex.noteWrite(record.updatedAt, type, record);
  }

  #reserve(id: string): void {
    this.#lastId = Math.max(this.#lastId, Number(id));
  }

  /** A line item has exactly one parent. */
  #associate(dealId: string, lineItemId: string): void {
    this.dissociate(lineItemId);
    this.#dealOfLineItem.set(lineItemId, dealId);
    const items = this.#lineItemsOfDeal.get(dealId) ?? new Set();
    this.#lineItemsOfDeal.set(dealId, items.add(lineItemId));
  }
}

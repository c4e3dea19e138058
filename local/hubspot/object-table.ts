import { type CrmRecord, emailsOf, normalizedEmail } from './crm-record.ts';
import type { ObjectType } from './object-types.ts';
import { type PropertyDefinition, STANDARD_GROUPS } from './property-definition.ts';
import { standardProperties } from './standard-properties.ts';

/** The records of one object type in one portal, with an index of what must be unique. */
export class ObjectTable {
  readonly type: ObjectType;
  readonly definitions: Map<string, PropertyDefinition>;
  readonly groups: Map<string, { name: string; label: string; displayOrder: number }>;
  readonly #records = new Map<string, CrmRecord>();
  /** Ascending, because ids are handed out in ascending order. */
  readonly #ids: string[] = [];
  /** Property name → value → the id of the live record that holds it. `email` covers additional addresses. */
  readonly #holders = new Map<string, Map<string, string>>();

  constructor(type: ObjectType, currencies: readonly string[]) {
    this.type = type;
    this.definitions = new Map(standardProperties(type, currencies).map((entry) => [entry.name, entry]));
    const group = STANDARD_GROUPS[type];
    this.groups = new Map([[group, { name: group, label: group, displayOrder: 0 }]]);
    if (type === 'contacts') this.#holders.set('email', new Map());
  }

  /** Makes the per-currency price properties those of the given ISO codes. */
  setCurrencies(currencies: readonly string[]): void {
    const standard = standardProperties(this.type, currencies);
    const names = new Set(standard.map((entry) => entry.name));
    for (const definition of this.definitions.values()) {
      if (definition.hubspotDefined && !names.has(definition.name)) this.definitions.delete(definition.name);
    }
    for (const definition of standard) this.definitions.set(definition.name, definition);
  }

  setDefinition(definition: PropertyDefinition): void {
    this.definitions.set(definition.name, definition);
    if (definition.hasUniqueValue && !definition.hubspotDefined && !this.#holders.has(definition.name)) {
      this.#holders.set(definition.name, new Map());
    }
  }

  /** Removes a property together with the values that records have for it. */
  removeDefinition(name: string): void {
    this.definitions.delete(name);
    this.#holders.delete(name);
    for (const record of this.#records.values()) {
      if (record.properties[name] === undefined) continue;
      const { [name]: _removed, ...properties } = record.properties;
      this.#records.set(record.id, { ...record, properties });
    }
  }

  /** Whether the property can stand as `idProperty`. */
  identifies(property: string): boolean {
    return property === 'hs_object_id' || this.#holders.has(property);
  }

  /** The record with exactly this id, archived or not. */
  get(id: string): CrmRecord | undefined {
    return this.#records.get(id);
  }

  /** The record of this id; a merged-away id leads to its survivor. */
  resolve(id: string): CrmRecord | undefined {
    let record = this.#records.get(id);
    while (record?.mergedInto !== undefined) record = this.#records.get(record.mergedInto);
    return record;
  }

  /** The live record that holds this value of a unique property. */
  holderOf(property: string, value: string): string | undefined {
    const key = property === 'email' && this.type === 'contacts' ? normalizedEmail(value) : value;
    return this.#holders.get(property)?.get(key);
  }

  /** The first unique value of the record that another live record holds. */
  conflictOf(record: CrmRecord): { property: string; value: string; holder: string } | undefined {
    for (const [property, holders] of this.#holders) {
      for (const value of this.#keysOf(property, record)) {
        const holder = holders.get(value);
        if (holder !== undefined && holder !== record.id) return { property, value, holder };
      }
    }
    return undefined;
  }

  put(record: CrmRecord): void {
    const previous = this.#records.get(record.id);
    if (previous === undefined) this.#ids.push(record.id);
    else this.#release(previous);
    this.#records.set(record.id, record);
    if (record.archived) return;
    for (const [property, holders] of this.#holders) {
      for (const value of this.#keysOf(property, record)) holders.set(value, record.id);
    }
  }

  /** Forgets the newest record, as the undoing of its creation. */
  forgetNewest(id: string): void {
    const record = this.#records.get(id);
    if (record === undefined) return;
    this.#release(record);
    this.#records.delete(id);
    this.#ids.pop();
  }

  /** All records in the order of their ids. */
  all(): IterableIterator<CrmRecord> {
    return this.#records.values();
  }

  /** Up to `limit` records after the id `after` ('' for the first page), in the order of their ids. */
  page(after: string, limit: number, archived: boolean): { records: CrmRecord[]; more: boolean } {
    const records: CrmRecord[] = [];
    for (let index = this.#firstAfter(after); index < this.#ids.length; index += 1) {
      const record = this.#records.get(this.#ids[index] ?? '');
      if (record === undefined || record.archived !== archived || record.mergedInto !== undefined) continue;
      if (records.length === limit) return { records, more: true };
      records.push(record);
    }
    return { records, more: false };
  }

  #firstAfter(after: string): number {
    const bound = after === '' ? -1 : Number(after);
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.#ids[middle]) <= bound) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #keysOf(property: string, record: CrmRecord): string[] {
    if (property === 'email' && this.type === 'contacts') return emailsOf(record.properties);
    const value = record.properties[property];
    return value === undefined || value === '' ? [] : [value];
  }

  #release(record: CrmRecord): void {
    for (const [property, holders] of this.#holders) {
      for (const value of this.#keysOf(property, record)) {
        if (holders.get(value) === record.id) holders.delete(value);
      }
    }
  }
}

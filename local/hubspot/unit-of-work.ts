import type { Change } from './change.ts';
import type { CrmRecord } from './crm-record.ts';
import type { ObjectType } from './object-types.ts';
import type { PortalData } from './portal-data.ts';

/** The record writes of one request: applied at once, so that later rows see earlier ones, and undone together. */
export class UnitOfWork {
  readonly #data: PortalData;
  readonly #keep: (changes: readonly Change[]) => void;
  readonly #changes: Change[] = [];
  readonly #undo: (() => void)[] = [];
  #records = 0;

  constructor(data: PortalData, keep: (changes: readonly Change[]) => void) {
    this.#data = data;
    this.#keep = keep;
  }

  /** How many record writes it holds. */
  get records(): number {
    return this.#records;
  }

  put(type: ObjectType, record: CrmRecord): void {
    const table = this.#data.table(type);
    const previous = table.get(record.id);
    this.#undo.push(() => (previous === undefined ? table.forgetNewest(record.id) : table.put(previous)));
    this.#records += 1;
    this.#take({ kind: 'record', type, record });
  }

  associate(dealId: string, lineItemId: string): void {
    this.#undo.push(() => this.#data.dissociate(lineItemId));
    this.#take({ kind: 'association', dealId, lineItemId });
  }

  commit(): void {
    this.#keep(this.#changes);
  }

  /** A point to which a later `rollback` can return, so that one row of many can be undone. */
  mark(): { changes: number; undo: number; records: number } {
    return { changes: this.#changes.length, undo: this.#undo.length, records: this.#records };
  }

  rollback(mark = { changes: 0, undo: 0, records: 0 }): void {
    for (const undo of this.#undo.splice(mark.undo).reverse()) undo();
    this.#changes.length = mark.changes;
    this.#records = mark.records;
  }

  #take(change: Change): void {
    this.#data.apply(change);
    this.#changes.push(change);
  }
}

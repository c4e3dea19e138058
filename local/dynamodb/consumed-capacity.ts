/** Adds up the capacity units of one request, by table. */
export class CapacityCount {
  readonly #units = new Map<string, number>();

  add(table: string, units: number): void {
    this.#units.set(table, (this.#units.get(table) ?? 0) + units);
  }

  /**
   * The ConsumedCapacity of a transaction's answer, if the request's ReturnConsumedCapacity asked for it. Index
   * writes are not counted.
   */
  report(kind: 'Read' | 'Write', returnConsumedCapacity: unknown): { ConsumedCapacity?: object[] } {
    if (returnConsumedCapacity !== 'TOTAL' && returnConsumedCapacity !== 'INDEXES') return {};
    return {
      ConsumedCapacity: [...this.#units].map(([TableName, units]) => {
        const capacity = { CapacityUnits: units, [`${kind}CapacityUnits`]: units };
        return {
          TableName,
          ...capacity,
          ...(returnConsumedCapacity === 'INDEXES' ? { Table: capacity } : {}),
        };
      }),
    };
  }
}

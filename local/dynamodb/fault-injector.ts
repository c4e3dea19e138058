import { dynamoDBError } from './service-error.ts';
import { type CancellationReason, NO_REASON, transactionCancelled } from './transaction.ts';

/** The faults that a test or a developer can ask of the embedded DynamoDB; each counts down and is then over. */
export interface FaultInjector {
  /** The next `count` TransactWriteItems are cancelled with a TransactionConflict on their first item. */
  conflictNext(count: number): void;
  /** The next `count` requests, or those of one operation such as `Query`, are refused for their throughput. */
  throttleNext(count: number, operation?: string): void;
  /** The next `count` requests are held for this many milliseconds before they run. */
  delayNext(count: number, milliseconds: number): void;
  /** While true, every connection is dropped and every new one at once. */
  unreachable(isUnreachable: boolean): void;
  /** Ends all faults. */
  reset(): void;
}

/** The faults as the server meets them. */
export class InjectedFaults implements FaultInjector {
  #conflicts = 0;
  #throttles: { count: number; operation: string | undefined }[] = [];
  #delays: { count: number; milliseconds: number }[] = [];
  #unreachable = false;
  readonly #dropConnections: () => void;

  constructor(dropConnections: () => void) {
    this.#dropConnections = dropConnections;
  }

  get isUnreachable(): boolean {
    return this.#unreachable;
  }

  conflictNext(count: number): void {
    this.#conflicts = count;
  }

  throttleNext(count: number, operation?: string): void {
    this.#throttles.push({ count, operation });
  }

  delayNext(count: number, milliseconds: number): void {
    this.#delays.push({ count, milliseconds });
  }

  unreachable(isUnreachable: boolean): void {
    this.#unreachable = isUnreachable;
    if (isUnreachable) this.#dropConnections();
  }

  reset(): void {
    this.#conflicts = 0;
    this.#throttles = [];
    this.#delays = [];
    this.#unreachable = false;
  }

  /** How long to hold this request, in milliseconds. */
  takeDelay(): number {
    const delay = this.#delays.find(({ count }) => count > 0);
    if (delay === undefined) return 0;
    delay.count -= 1;
    return delay.milliseconds;
  }

  /** Throws the fault that is this request's turn, if there is one. */
  throwNext(operation: string, request: Record<string, unknown>): void {
    const throttle = this.#throttles.find(
      (candidate) => candidate.count > 0 && (candidate.operation ?? operation) === operation,
    );
    if (throttle !== undefined) {
      throttle.count -= 1;
      throw dynamoDBError(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded. ' +
          'Consider increasing your provisioning level with the UpdateTable API.',
      );
    }
    if (operation === 'TransactWriteItems' && this.#conflicts > 0) {
      this.#conflicts -= 1;
      throw transactionCancelled(conflictOnFirst(request.TransactItems));
    }
  }
}

function conflictOnFirst(operations: unknown): CancellationReason[] {
  const others = Array.isArray(operations) ? operations.slice(1) : [];
  return [
    { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
    ...others.map(() => NO_REASON),
  ];
}

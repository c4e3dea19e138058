/**
 * Runs tasks one after the other, in the order they came. Every write of the embedded DynamoDB goes through one
 * such queue, so a transaction is alone between checking its conditions and its commit.
 */
export class ExclusiveQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs the task once all earlier ones have settled; answers or throws what the task does. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Settles when every task given so far has. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}

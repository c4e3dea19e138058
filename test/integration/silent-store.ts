import type { LedgerChange } from '../../functions/invoices/change-transaction.ts';
import { type CommitResult, LedgerStore } from '../../functions/invoices/ledger-store.ts';

/** A store whose table is out from its first commit on, which is written or not: nobody hears what came of it. */
export class SilentStore extends LedgerStore {
  readonly #written: boolean;
  #isOut = false;

  constructor(access: ConstructorParameters<typeof LedgerStore>[0], written: boolean) {
    super(access);
    this.#written = written;
  }

  override async current(...asked: Parameters<LedgerStore['current']>) {
    this.#answerOrThrow();
    return super.current(...asked);
  }

  override async outcome(...asked: Parameters<LedgerStore['outcome']>) {
    this.#answerOrThrow();
    return super.outcome(...asked);
  }

  override async commit(change: LedgerChange): Promise<CommitResult> {
    if (this.#written) await super.commit(change);
    this.#isOut = true;
    throw timeout();
  }

  #answerOrThrow(): void {
    if (this.#isOut) throw timeout();
  }
}

/** As the AWS SDK throws it when its own tries are used up. */
const timeout = (): Error => Object.assign(new Error('No answer in time.'), { name: 'TimeoutError' });

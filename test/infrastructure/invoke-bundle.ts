import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Bundle {
  /** Where the bundle lies, with nothing of this repository above it: what was left out of it can't be found by chance. */
  folder: string;
  /** The template's `Handler`. */
  handler: string;
  /** All that the process gets to know: nothing of the test's own environment. */
  environment: Record<string, string>;
}

export interface Invocation {
  event: unknown;
  /** How long the function has, as Lambda's context tells it. */
  remainingMs?: number;
}

const program = fileURLToPath(new URL('invoke-bundle.mjs', import.meta.url));
const USUAL_TIME_MS = 60_000;

/** A bundled handler in a process of plain Node, as Lambda keeps it between calls. */
export class RunningBundle {
  readonly #process: ChildProcess;
  readonly #left: Promise<number | null>;
  #printed = '';

  constructor({ folder, handler, environment }: Bundle) {
    this.#process = fork(program, [folder, handler], {
      env: environment,
      cwd: folder,
      execArgv: [],
      silent: true,
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#printed += text;
      });
    }
    this.#left = new Promise((resolve, reject) => {
      this.#process.once('close', resolve);
      this.#process.once('error', reject);
    });
  }

  /**
   * Calls the handler; one call at a time.
   *
   * @returns what it answered
   * @throws Error with all that the process printed, if it left without an answer
   */
  async call({ event, remainingMs = USUAL_TIME_MS }: Invocation): Promise<unknown> {
    const message = once(this.#process, 'message');
    this.#process.send({ event, remainingMs });
    const answered = await Promise.race([message, this.#left]);
    if (!Array.isArray(answered))
      throw new Error(`The bundle left with exit code ${answered}. It printed:\n${this.#printed}`);
    return (answered[0] as { answer: unknown }).answer;
  }

  /** Lets the process end, and waits until it has nothing more to do. */
  async close(): Promise<void> {
    // It disconnects itself: where the parent does, Node never tells that the process has closed.
    if (this.#process.connected) this.#process.send('leave');
    await this.#left;
  }
}

/** Calls a bundled handler once in a fresh process, as at a cold start; throws as {@link RunningBundle.call} does. */
export async function invokeBundle(bundle: Bundle, invocation: Invocation): Promise<unknown> {
  const running = new RunningBundle(bundle);
  try {
    return await running.call(invocation);
  } finally {
    await running.close();
  }
}

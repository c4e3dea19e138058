import { SingleBar } from 'cli-progress';

/** Shows how far a tool is, on standard error. */
export interface Progress {
  /** `total` may be an estimate: it grows when more comes. */
  update(done: number, total?: number): void;
  /** Prints a line on standard output without leaving pieces of the bar in it. */
  print(line: string): void;
  /** The same on standard error: what is not a result. */
  note(line: string): void;
  stop(): void;
}

/** Whoever waits less than this needs no bar. */
const SHOWN_AFTER_MS = 2_000;

/** A bar that appears after two seconds, and only on a terminal. `unit` is the plural of what is counted. */
export function progressBar(
  unit: string,
  total: number,
  now: () => number = Date.now,
  terminal: NodeJS.WriteStream = process.stderr,
): Progress {
  const startedAt = now();
  let bar: SingleBar | undefined;
  let expected = total;
  const show = (done: number): void => {
    if (bar || !terminal.isTTY || now() - startedAt < SHOWN_AFTER_MS) return;
    bar = new SingleBar({
      format: `{bar} {percentage}% | {value} of {total} ${unit} | {duration_formatted}`,
      stream: terminal,
      hideCursor: true,
      forceRedraw: true,
    });
    bar.start(expected, done);
  };
  const clearLine = (): void => {
    if (bar) terminal.write('\r\u001b[K');
  };
  return {
    update(done, newTotal) {
      expected = Math.max(newTotal ?? expected, done);
      show(done);
      bar?.setTotal(expected);
      bar?.update(done);
    },
    print(line) {
      clearLine();
      console.log(line);
    },
    note(line) {
      clearLine();
      console.error(line);
    },
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
}

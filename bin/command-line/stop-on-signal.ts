/** Lets a tool come to a good end when it is told to stop; told a second time, it is ended at once. */
export interface Stopping {
  signal: AbortSignal;
  /** The tool is done: signals do again what they usually do. */
  end(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Says `sentence` on standard error at the first signal. */
export function stopOnSignal(sentence: string): Stopping {
  const stopping = new AbortController();
  const end = (): void => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  const stop = (): void => {
    console.error(sentence);
    stopping.abort();
    end();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return { signal: stopping.signal, end };
}

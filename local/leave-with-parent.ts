const LOOK_EVERY_MS = 500;

/**
 * Calls `leave` when this process is told to stop, or when its parent is gone: npm passes a signal on only to its shell, and no hang-up at
 * all, so that a simulator would otherwise outlive it.
 */
export function leaveWithParent(leave: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) leave();
  }, LOOK_EVERY_MS).unref();
}

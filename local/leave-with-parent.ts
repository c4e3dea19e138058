const LOOK_EVERY_MS = 500;

/**
 * Calls `leave` when this process is told to stop, or when its parent is gone: npm passes a signal on only to its shell, and no hang-up at
 * all, so that a simulator would otherwise outlive it. `startedBy` is the process id of that parent: it may be gone before we look for it.
 */
export function leaveWithParent(leave: () => void, startedBy = process.ppid): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave);
  const look = () => {
    if (process.ppid !== startedBy) leave();
  };
  setInterval(look, LOOK_EVERY_MS).unref();
  look();
}

/** An invoice's history while a scan passes over it: constant in size, however many changes there were. */
export interface History {
  /** How many versions were seen, and the highest. Versions are distinct, so n of them up to n are all of 1 to n. */
  events: number;
  highest: number;
  /** The version the invoice or its tombstone is at; undefined where neither was seen. */
  version: number | undefined;
}

export const EMPTY_HISTORY: History = { events: 0, highest: 0, version: undefined };

/** The history with one more event in it. */
export const withEvent = (history: History, version: number): History => ({
  ...history,
  events: history.events + 1,
  highest: Math.max(history.highest, version),
});

/** What is wrong with a history, as the end of a sentence; undefined where events 1 to the invoice's version are all there. */
export function historyFault({ events, highest, version }: History): string | undefined {
  if (version === undefined) return 'the invoice is missing';
  if (highest > version) return `the invoice is at version ${version}, and there are events up to ${highest}`;
  if (events < version) {
    const missing = version - events;
    return `${missing} of its ${version} ${version === 1 ? 'change' : 'changes'} ${missing === 1 ? 'is' : 'are'} missing from its history`;
  }
  return undefined;
}

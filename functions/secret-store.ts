import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { within } from './within.ts';

/** A secret's value, kept for at most a minute, and known to be fresh where it matters. */
export interface Secret<T> {
  /** At most a minute old; the last good value while Secrets Manager is out or slow. Throws only where there never was one. */
  value(): Promise<T>;
  /**
   * Read again now, for a caller who doesn't match the value we have: it may have been rotated a moment ago. At most once in ten
   * seconds, so that strangers can't make us call Secrets Manager; undefined where it was not read.
   */
  fresh(): Promise<T | undefined>;
}

export type ReadSecret = (id: string, options: { forceFetch: boolean }) => Promise<string>;

const KEPT_SECONDS = 60;
const FRESH_READ_EVERY_MS = 10_000;
/** While Secrets Manager is out, a request waits for it at most once in this time. */
const RETRY_AFTER_FAILURE_MS = 5_000;
/** So long a request waits for a newer value while it has a good one: HubSpot waits five seconds for a whole card. */
const REFRESH_WAIT_MS = 300;

/** Reads secrets through Powertools, whose cache keeps them for {@link KEPT_SECONDS}. */
export function secretsManager(): ReadSecret {
  const provider = new SecretsProvider({
    clientConfig: {
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
    },
  });
  return async (id, { forceFetch }) => {
    const text = await provider.get(id, { maxAge: KEPT_SECONDS, forceFetch });
    if (typeof text !== 'string') throw new Error(`The secret ${id} holds no text.`);
    return text;
  };
}

/** Watches one secret. `parse` may throw on a malformed one: it then counts as not read. `now` is epoch milliseconds. */
export function watchSecret<T>(
  read: ReadSecret,
  id: string,
  parse: (text: string) => T,
  now: () => number = Date.now,
): Secret<T> {
  let last: { value: T } | undefined;
  let first: Promise<T> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let forcedAt = Number.NEGATIVE_INFINITY;
  let forced: Promise<T | undefined> | undefined;

  async function load(forceFetch: boolean): Promise<T> {
    const value = parse(await read(id, { forceFetch }));
    last = { value };
    failedAt = Number.NEGATIVE_INFINITY;
    return value;
  }

  return {
    async value() {
      if (!last) {
        // Whoever asks while the first reading is under way waits for it.
        first ??= load(false).finally(() => {
          first = undefined;
        });
        return first;
      }
      if (now() - failedAt < RETRY_AFTER_FAILURE_MS) return last.value;
      // A refresh that takes longer goes on, and whoever asks once it is done has its value.
      const refreshed = await within(
        REFRESH_WAIT_MS,
        load(false).then(
          (value) => ({ value }),
          () => undefined,
        ),
      );
      if (refreshed) return refreshed.value;
      failedAt = now();
      return last.value;
    },
    async fresh() {
      if (forced) return forced;
      if (now() - forcedAt < FRESH_READ_EVERY_MS) return undefined;
      forcedAt = now();
      // Whoever comes while it is under way waits for the same answer: they may hold the new secret too.
      forced = load(true)
        .catch(() => undefined)
        .finally(() => {
          forced = undefined;
        });
      return forced;
    },
  };
}

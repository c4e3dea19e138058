import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const longestStart = 60_000;
const longestStop = 10_000;

/** A simulator in a process of its own. */
export type RunningSimulator = {
  /** Where it listens: `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly processId: number;
  /** What it has printed so far, both streams in the order of arrival. */
  output(): string;
  /** Asks it to leave (SIGTERM) and resolves with its exit code; throws if it stays for ten seconds. */
  stop(): Promise<number | null>;
  /** Ends it as a crash or a power cut would (SIGKILL), and resolves when it is gone. */
  kill(): Promise<void>;
};

/** Only what a process needs to run: the developer's own settings must not reach the simulator under test. */
const inheritedEnvironment = () => {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR };
};

const hasLeft = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const whenLeft = async (child: ChildProcess): Promise<void> => {
  if (!hasLeft(child)) await once(child, 'exit');
};

const isHealthy = async (url: string, signal: AbortSignal): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/health`, { signal });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
};

/** Reads the printed URL and asks for its health until it is well; undefined if it left or took too long. */
const whenHealthy = async (child: ChildProcess, output: () => string): Promise<string | undefined> => {
  const tooLate = AbortSignal.timeout(longestStart);
  while (!hasLeft(child) && !tooLate.aborted) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0];
    if (url !== undefined && (await isHealthy(url, tooLate))) return url;
    await delay(20);
  }
  return undefined;
};

/**
 * Starts the simulator and waits until `GET /health` answers 200. By default it takes a free port and keeps
 * nothing; `environment` adds its settings or replaces these two.
 *
 * @param program another program to start in its place, from the repository's folder
 * @throws Error with everything it printed, if it leaves first or isn't up within a minute
 */
export const startSimulator = async (
  environment: Readonly<Record<string, string>> = {},
  program = 'local/main.ts',
): Promise<RunningSimulator> => {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', './bin/typescript.mjs', program],
    {
      cwd: root,
      env: { ...inheritedEnvironment(), PORT: '0', LOCAL_DATA_DIR: ':memory:', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const kill = async () => {
    child.kill('SIGKILL');
    await whenLeft(child);
  };
  const url = await whenHealthy(child, () => printed);
  if (url === undefined || child.pid === undefined) {
    const what = hasLeft(child)
      ? `left with ${child.signalCode ?? `exit code ${child.exitCode}`} before it was up`
      : `was not up within ${longestStart / 1000} seconds`;
    await kill();
    throw new Error(`The simulator ${what}. It printed:\n${printed}`);
  }
  return {
    url,
    processId: child.pid,
    output: () => printed,
    kill,
    stop: async () => {
      child.kill('SIGTERM');
      const timeout = new AbortController();
      await Promise.race([
        whenLeft(child),
        delay(longestStop, undefined, { signal: timeout.signal }).catch(() => undefined),
      ]);
      timeout.abort();
      if (!hasLeft(child)) {
        await kill();
        throw new Error(`The simulator ignored SIGTERM for ${longestStop / 1000} seconds.`);
      }
      return child.exitCode;
    },
  };
};

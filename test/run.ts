/**
 * `npm test`: lint, types and every test suite, then one table of what passed. `npm test -- unit types` runs only
 * those. The last line is always `N passed, N failed`, where lint and types count as one check each; the exit code
 * is 0 only if nothing failed and something ran.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const longestStep = 20 * 60_000;
const graceAfterSignal = 5_000;

type Result = {
  readonly suite: string;
  readonly seconds: number;
  readonly passed: number;
  readonly skipped: number;
  /** One line for each failure: the test's file and name, or what went wrong. */
  readonly failures: readonly string[];
};

/** The part of jest's `--json` report that is read here. */
type JestReport = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: 'passed' | 'failed' | 'skipped' | 'focused' | 'pending';
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
};

const checks: Readonly<Record<string, readonly string[]>> = {
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check'],
  types: ['node_modules/typescript/bin/tsc', '--noEmit'],
};

/**
 * The suites that share a jest run. One worker a core, and two where there are but two cores: a test often waits for
 * a process. The browser suite comes last and one file at a time, since each drives a simulator and a Chromium.
 */
const jestRuns = [
  {
    suites: ['unit', 'integration', 'storage', 'infrastructure'],
    workers: `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`,
  },
  { suites: ['browser'], workers: '--runInBand' },
];

const names = [...Object.keys(checks), ...jestRuns.flatMap(({ suites }) => suites)];

let child: ChildProcess | undefined;
let stoppedBy: NodeJS.Signals | undefined;

/** Signals a step with everything that it started: each step leads a process group of its own. */
const signalStep = (signal: NodeJS.Signals): void => {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Everything in it has already left.
  }
};

const stopStep = (signal: NodeJS.Signals): void => {
  signalStep(signal);
  setTimeout(() => signalStep('SIGKILL'), graceAfterSignal).unref();
};

/** Runs one program on this Node with our own output; answers why it failed, undefined if it did not. */
const runStep = async (programArguments: readonly string[]): Promise<string | undefined> => {
  child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', ...programArguments],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  let tookTooLong = false;
  const limit = setTimeout(() => {
    tookTooLong = true;
    stopStep('SIGTERM');
  }, longestStep);
  const [code, signal]: (number | string | null)[] = await once(child, 'exit');
  clearTimeout(limit);
  signalStep('SIGKILL');
  if (tookTooLong) return `stopped after ${longestStep / 60_000} minutes`;
  return code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`;
};

const runCheck = async (suite: string, programArguments: readonly string[]): Promise<Result> => {
  const start = performance.now();
  const problem = await runStep(programArguments);
  const seconds = (performance.now() - start) / 1000;
  const failures = problem === undefined ? [] : [`${suite}: ${problem}`];
  return { suite, seconds, passed: problem === undefined ? 1 : 0, skipped: 0, failures };
};

/** A suite's share of a jest report: suites are the folders of test/. A file that could not run is one failure. */
const resultOf = (suite: string, report: JestReport): Result => {
  const files = report.testResults.filter(({ name }) =>
    relative(root, name).startsWith(join('test', suite) + sep),
  );
  const tests = files.flatMap((file) =>
    file.assertionResults.map((result) => ({ ...result, file: file.name })),
  );
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  const failed = tests.filter(({ status }) => status === 'failed');
  const passed = tests.filter(({ status }) => status === 'passed');
  return {
    suite,
    seconds: files.reduce((sum, { startTime, endTime }) => sum + (endTime - startTime) / 1000, 0),
    passed: passed.length,
    skipped: tests.length - failed.length - passed.length,
    failures: [
      ...broken.map(({ name }) => `${relative(root, name)}: the file could not be run`),
      ...failed.map(({ file, fullName }) => `${relative(root, file)}: ${fullName}`),
    ],
  };
};

/** Runs some suites in one jest; what jest itself complains of, or left unreported, fails the first of them. */
const runJest = async (suites: readonly string[], workers: string, folder: string): Promise<Result[]> => {
  const reportFile = join(folder, `${suites.join('-')}.json`);
  const problem = await runStep([
    'node_modules/jest/bin/jest.js',
    ...['--selectProjects', ...suites],
    ...['--ci', '--no-watchman', '--passWithNoTests', '--json', `--outputFile=${reportFile}`, workers],
  ]);
  const report: JestReport = await readFile(reportFile, 'utf8').then(JSON.parse, () => ({ testResults: [] }));
  const results = suites.map((suite) => resultOf(suite, report));
  if (problem === undefined || results.some(({ failures }) => failures.length > 0)) return results;
  return results.map((result, index) => (index > 0 ? result : { ...result, failures: [`jest ${problem}`] }));
};

const runAll = async (chosen: ReadonlySet<string>): Promise<Result[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'ledgerbridge-test-'));
  const results: Result[] = [];
  try {
    for (const [suite, programArguments] of Object.entries(checks)) {
      if (chosen.has(suite) && !stoppedBy) results.push(await runCheck(suite, programArguments));
    }
    for (const { suites, workers } of jestRuns) {
      const wanted = suites.filter((suite) => chosen.has(suite));
      if (wanted.length > 0 && !stoppedBy) results.push(...(await runJest(wanted, workers, folder)));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return results;
};

const printSummary = (results: readonly Result[]): void => {
  const row = (suite: string, ...cells: (string | number)[]) =>
    `  ${suite.padEnd(16)}${cells.map((cell) => String(cell).padStart(9)).join('')}`;
  console.log(`\n${row('suite', 'passed', 'failed', 'skipped', 'time')}`);
  for (const { suite, passed, failures, skipped, seconds } of results) {
    console.log(row(suite, passed, failures.length, skipped, `${seconds.toFixed(1)} s`));
  }
  const failures = results.flatMap((result) => result.failures);
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
};

const main = async (): Promise<void> => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no suite "${unknown}". The suites are ${names.join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stoppedBy = signal;
      stopStep(signal);
    });
  }
  const chosen = new Set(asked.length > 0 ? asked : names);
  const results = await runAll(chosen);
  printSummary(results);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failures.length, 0);
  const tests = results.filter(({ suite }) => !(suite in checks));
  const ranNoTest = tests.length > 0 && tests.every((result) => result.passed + result.failures.length === 0);
  if (stoppedBy) console.log(`\nStopped by ${stoppedBy}.`);
  if (ranNoTest) console.log('\nNo test ran.');
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = stoppedBy || failed > 0 || passed === 0 || ranNoTest ? 1 : 0;
};

await main();

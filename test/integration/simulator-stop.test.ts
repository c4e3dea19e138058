import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/ledger-client.ts';
import { type NpmStart, npmStart } from '../support/npm-start.ts';
import { startSimulator } from '../support/start-simulator.ts';

const SETTINGS = { PORT: '0', LOCAL_DATA_DIR: ':memory:', LOCAL_EMPTY: '1' };
let started: NpmStart | undefined;
afterEach(() => {
  started?.end();
});

const portOf = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const urlIn = (output: string): string => /is up: (http:\S+)/.exec(output)?.[1] ?? '';

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/health`)).status === 200;
  } catch {
    return false;
  }
};

describe('npm start leaves no process and no port behind', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('when only npm gets %s', async (signal) => {
    const run = npmStart(SETTINGS);
    started = run;
    const output = await eventually(
      async () => run.output(),
      (text) => urlIn(text) !== '',
    );
    const url = urlIn(output);
    expect(await answers(url)).toBe(true);
    run.npm.kill(signal);
    expect(
      await eventually(
        async () => run.processes(),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
    expect(await answers(url)).toBe(false);
  });

  test('when npm is gone before the simulator is up', async () => {
    // A DynamoDB that never answers holds the start up for as long as the test wants.
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
    const silent = createServer(() => isAsked());
    const run = npmStart({ ...SETTINGS, DYNAMODB_ENDPOINT: `http://127.0.0.1:${await portOf(silent)}` });
    started = run;
    await asked;
    run.npm.kill('SIGKILL');
    const left = await eventually(
      async () => run.processes(),
      (processes) => processes.length === 0,
    );
    expect([left, run.output()]).toEqual([[], expect.not.stringContaining('is up')]);
    silent.closeAllConnections();
    silent.close();
  });
});

test('the simulator leaves where whoever started it was gone before it could look', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  const start = startSimulator({ LOCAL_EMPTY: '1', STARTED_BY: String(gone.pid) });
  await expect(start).rejects.toThrow(/left with exit code 0 before it was up/);
});

test('told to stop, the simulator leaves with exit code 0 and frees its port', async () => {
  const simulator = await startSimulator({ LOCAL_EMPTY: '1' });
  expect(await simulator.stop()).toBe(0);
  expect(await answers(simulator.url)).toBe(false);
});

test('a taken port is said plainly, with exit code 1', async () => {
  const server = createServer();
  const port = await portOf(server);
  const start = startSimulator({ PORT: String(port), LOCAL_EMPTY: '1' });
  await expect(start).rejects.toThrow(
    /exit code 1 before it was up\. It printed:\nLedgerbridge could not start\. Port \d+ is taken\. Set PORT to another one[^\n]*\n$/,
  );
  server.close();
});

test.each([
  ['PORT', 'http', 'PORT: expected a port number'],
  ['LEDGER_TOKENS', 'token', 'LEDGER_TOKENS: expected portal:token pairs'],
])('a wrong %s is named, with exit code 1', async (name, value, sentence) => {
  await expect(startSimulator({ [name]: value })).rejects.toThrow(
    new RegExp(
      `exit code 1 before it was up\\. It printed:\nLedgerbridge could not start\\. ${sentence}[^\n]*\n$`,
    ),
  );
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../../bin/install-packages.mjs', import.meta.url));

/** An npm whose installation takes until it is ended. */
const STALLED_NPM = `console.log('installing'); setInterval(() => {}, 1_000);`;

let folder: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledgerbridge-packages-'));
  await mkdir(join(folder, 'bin'));
  await copyFile(script, join(folder, 'bin/install-packages.mjs'));
  const packages = { 'node_modules/none': { version: '1.0.0' } };
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  await writeFile(join(folder, 'npm-cli.js'), STALLED_NPM);
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const start = (commandLine: string[], environment: Record<string, string> = {}): ChildProcess => {
  const child = spawn(process.execPath, commandLine, {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.push(child);
  return child;
};

const printed = async (child: ChildProcess, text: string): Promise<void> => {
  let soFar = '';
  while (!soFar.includes(text)) soFar += String((await once(child.stderr ?? child, 'data'))[0]);
};

test('an installation ends, and says that it failed, when the npm that asked for it is gone', async () => {
  const npm = start(['-e', 'setInterval(() => {}, 1_000)']);
  const install = start([join(folder, 'bin/install-packages.mjs'), String(npm.pid)], {
    npm_execpath: join(folder, 'npm-cli.js'),
    npm_node_execpath: process.execPath,
  });
  await printed(install, 'installing');
  npm.kill('SIGKILL');
  expect((await once(install, 'exit'))[0]).toBe(1);
});

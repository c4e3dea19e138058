import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atMost, type Figure } from './figure.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** `npm start`, from the command to the line that says it is up: first with the sample data to load, then with it there. */
export async function simulatorStart(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ledgerbridge-bench-'));
  try {
    const first = await secondsUntilUp(join(folder, 'data'));
    const second = await secondsUntilUp(join(folder, 'data'));
    return [
      atMost('npm start until it is up, loading the sample data', first, 5, ' s', 1),
      { name: 'npm start until it is up, with the data there', measured: `${second.toFixed(1)} s` },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function secondsUntilUp(dataDirectory: string): Promise<number> {
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], {
    cwd: repository,
    env: { ...process.env, PORT: '0', LOCAL_DATA_DIR: dataDirectory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const left = once(npm, 'close');
  let printed = '';
  for await (const text of npm.stdout.setEncoding('utf8')) {
    printed += text;
    if (printed.includes('Ledgerbridge is up')) break;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  npm.kill('SIGTERM');
  await left;
  return seconds;
}

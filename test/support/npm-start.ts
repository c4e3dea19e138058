import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm start` in a process group of its own, as a developer's shell would start it. */
export interface NpmStart {
  npm: ChildProcess;
  output(): string;
  /** The command lines of what is left of the group, one a process. */
  processes(): string[];
  /** Ends whatever is left. */
  end(): void;
}

export function npmStart(environment: Record<string, string>): NpmStart {
  const { PATH, HOME, TMPDIR } = process.env;
  const npm = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    env: { PATH, HOME, TMPDIR, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = npm.pid;
  if (group === undefined) throw new Error('npm could not be started.');
  let printed = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const processes = () =>
    execFileSync('ps', ['-A', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [])
      // What has ended and waits to be fetched (Z) is no process that is left.
      .filter(([, processGroup, state]) => Number(processGroup) === group && !state?.startsWith('Z'))
      .map(([, , , command]) => command ?? '');
  return {
    npm,
    output: () => printed,
    processes,
    end: () => {
      if (processes().length > 0) process.kill(-group, 'SIGKILL');
    },
  };
}

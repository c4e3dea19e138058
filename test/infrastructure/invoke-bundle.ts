import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Invocation {
  /** Where the bundle lies, with nothing of this repository above it: what was left out of it can't be found by chance. */
  folder: string;
  /** The template's `Handler`. */
  handler: string;
  event: unknown;
  /** All that the process gets to know: nothing of the test's own environment. */
  environment: Record<string, string>;
}

const program = fileURLToPath(new URL('invoke-bundle.mjs', import.meta.url));

/**
 * Calls a bundled handler once in a fresh process of plain Node, as Lambda would at a cold start.
 *
 * @returns what the handler answered
 * @throws Error with all that the process printed, if it left without an answer
 */
export async function invokeBundle({ folder, handler, event, environment }: Invocation): Promise<unknown> {
  const child = fork(program, [folder, handler], {
    env: environment,
    cwd: folder,
    execArgv: [],
    silent: true,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  let message: { answer: unknown } | undefined;
  child.once('message', (sent: { answer: unknown }) => {
    message = sent;
  });
  const left = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  child.send(event as object);
  const exitCode = await left;
  if (message === undefined)
    throw new Error(`The bundle left with exit code ${exitCode}. It printed:\n${printed}`);
  return message.answer;
}

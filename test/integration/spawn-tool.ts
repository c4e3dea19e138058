import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a command-line tool came to. */
export interface ToolResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a tool of bin/ as npm would, with nothing of the developer's own settings. */
export function spawnTool(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { child: ChildProcess; result: Promise<ToolResult> } {
  const { PATH, TMPDIR } = process.env;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', './bin/typescript.mjs', `bin/${program}`, ...args],
    { cwd: root, env: { PATH, TMPDIR, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const result = new Promise<ToolResult>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, result };
}

/** Runs a tool to its end. */
export const runTool = (
  program: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<ToolResult> => spawnTool(program, args, environment).result;

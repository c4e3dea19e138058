import { type ParseArgsConfig, parseArgs } from 'node:util';
import { explainFailure } from './explain-failure.ts';

/** The arguments are not as expected. The message says which, and what was expected; exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What the tool was asked for can't be done, for a reason its user can understand and act on; exit code 1. */
export class ToolFailure extends Error {
  override name = 'ToolFailure';
}

export interface Tool<O extends NonNullable<ParseArgsConfig['options']>> {
  /** The npm script's name. */
  name: string;
  /** What `--help` prints. */
  help: string;
  options: O;
  /** Does the work and answers the exit code. */
  run: (values: OptionValues<O>, words: string[]) => Promise<number>;
}

export type OptionValues<O extends NonNullable<ParseArgsConfig['options']>> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>
>['values'];

/**
 * Runs a command-line tool: 0 when all is well, 1 for what is wrong with the world, 2 for wrong arguments. Sets the exit code instead of
 * leaving, so that what was printed into a pipe arrives whole.
 */
export async function runTool<O extends NonNullable<ParseArgsConfig['options']>>(
  tool: Tool<O>,
): Promise<void> {
  try {
    process.exitCode = await parseAndRun(tool, process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\nnpm run ${tool.name} -- --help says more.`);
      process.exitCode = 2;
      return;
    }
    console.error(error instanceof ToolFailure ? error.message : explainFailure(error));
    process.exitCode = 1;
  }
}

async function parseAndRun<O extends NonNullable<ParseArgsConfig['options']>>(
  tool: Tool<O>,
  args: string[],
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(tool.help.trim());
    return 0;
  }
  const { values, positionals } = parsed(tool.options, args);
  return await tool.run(values, positionals);
}

function parsed<O extends NonNullable<ParseArgsConfig['options']>>(options: O, args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own first sentence, such as "Unknown option '--tabel'"; what follows it is about other cases.
    if (error instanceof TypeError) throw new UsageError(`${error.message.split('. ')[0]}.`);
    throw error;
  }
}

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cardDefinition } from '../functions/card/card-definition.ts';
import { AmbiguousCardError, COMMANDS, type Command, runCommand } from './hubspot-card/card-command.ts';
import { cardsApi, HubSpotRefusal } from './hubspot-card/cards-api.ts';
import { explainRefusal } from './hubspot-card/explain-refusal.ts';
import { type CardToolSettings, readSettings, SettingsError } from './hubspot-card/settings.ts';

const HELP = `npm run hubspot:card -- <command> [--card <id>]

Brings the legacy CRM card from this repository to HubSpot, through the CRM Cards API.

  show     the card as HubSpot has it
  diff     how it differs from the one defined here; exits with 1 where it does
  push     creates it, or changes what differs
  delete   takes it away from every account that has the app

  --card   the id of the card, where the app has several that could be meant

Environment
  HUBSPOT_APP_ID          the app's id
  HUBSPOT_DEVELOPER_KEY   the developer account's key, or else
  HUBSPOT_ACCESS_TOKEN    a token that may write developer settings
  PUBLIC_BASE_URL         where HubSpot reaches this installation
  HUBSPOT_API_VERSION     v3 (default) or 2026-03
  HUBSPOT_API_URL         https://api.hubapi.com by default`;

const isCommand = (text: string | undefined): text is Command => COMMANDS.some((known) => known === text);

/** Runs the tool with its arguments and variables; answers what to print and the exit code, 2 for wrong arguments or variables. */
export async function hubspotCard(
  args: readonly string[],
  variables: Record<string, string | undefined>,
  fetcher: typeof fetch = fetch,
): Promise<{ output: string; exitCode: number }> {
  let settings: CardToolSettings | undefined;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { card: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help) return { output: HELP, exitCode: 0 };
    const [command, ...rest] = positionals;
    if (!isCommand(command)) return usage(`${commandWord(command)}; expected ${COMMANDS.join(', ')}.`);
    if (rest.length > 0) return usage(`${JSON.stringify(rest[0])} is not expected after ${command}.`);
    settings = readSettings(variables);
    const definition = cardDefinition(settings.publicBaseUrl);
    const { lines, exitCode } = await runCommand(
      command,
      cardsApi(settings, fetcher),
      definition,
      values.card,
    );
    return { output: lines.join('\n'), exitCode };
  } catch (error) {
    return failure(error, settings);
  }
}

const commandWord = (word: string | undefined): string =>
  word === undefined ? 'There is no command' : `${JSON.stringify(word)} is no command`;

const usage = (what: string) => ({ output: `${what}\n\n${HELP}`, exitCode: 2 });

function failure(
  error: unknown,
  settings: CardToolSettings | undefined,
): { output: string; exitCode: number } {
  if (error instanceof HubSpotRefusal && settings) {
    return { output: explainRefusal(error, settings), exitCode: 1 };
  }
  if (error instanceof AmbiguousCardError) return { output: error.message, exitCode: 1 };
  if (error instanceof SettingsError) return { output: error.message, exitCode: 2 };
  if (isUsageError(error)) return usage(error.message);
  if (settings && isNetworkError(error)) {
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    return { output: `HubSpot can’t be reached at ${settings.apiUrl}: ${cause}`, exitCode: 1 };
  }
  throw error;
}

/** What `parseArgs` throws. */
const isUsageError = (error: unknown): error is { message: string } =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  String(error.code).startsWith('ERR_PARSE_ARGS');

/** What `fetch` throws: for a connection that failed or was redirected, and for a time that ran out. */
const isNetworkError = (error: unknown): error is Error =>
  error instanceof Error && (error.name === 'TimeoutError' || error.message === 'fetch failed');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { output, exitCode } = await hubspotCard(process.argv.slice(2), process.env);
  (exitCode === 0 ? console.log : console.error)(output);
  process.exitCode = exitCode;
}

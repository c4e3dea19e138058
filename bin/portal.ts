/** `npm run portal -- <command>`: a portal's settings and ledger tokens. */
import { randomBytes } from 'node:crypto';
import { LedgerStore } from '../functions/invoices/ledger-store.ts';
import { noWords, portalArgument, requiredPortal } from './command-line/argument-values.ts';
import { saveSettings } from './command-line/portal/save-settings.ts';
import { describeSettings, settingsToSet } from './command-line/portal/settings-arguments.ts';
import {
  describeTokens,
  hashOf,
  isHashPrefix,
  SHOWN_DIGITS,
  withoutToken,
  withToken,
} from './command-line/portal/token-book.ts';
import { tokenSecret } from './command-line/portal/token-secret.ts';
import { type OptionValues, runTool, UsageError } from './command-line/run-tool.ts';
import { TABLE_HELP, TABLE_OPTIONS, tableAccess } from './command-line/service-access.ts';

const HELP = `
Shows and changes what belongs to a portal: its settings and its ledger tokens.

  npm run portal -- settings --portal ID [--set NAME=VALUE]...
      Shows the settings, or sets some: timeZone (an IANA name), feedRetentionDays (1 to 3650),
      numberPattern (HS-{year}-{0000}; not one of the accounting system's), ticketHours (1 to
      72), and as JSON pdfHosts, policy and seller; docs/acting.md explains them.
  npm run portal -- token --portal ID [--replace]
      Makes a new token for the portal's accounting system and prints it, this once. Only its
      SHA-256 is stored. --replace takes the portal's older tokens away.
  npm run portal -- tokens [--portal ID]
      Lists which portals have tokens, by the beginning of their hashes.
  npm run portal -- revoke --portal ID --hash HEX
      Takes a token away; HEX is at least the first 8 digits of its hash.

For settings:
${TABLE_HELP}

For tokens:
  --secret ID        The secret of the ledger tokens (the data stack's output LedgerTokensArn).
                     Default: LEDGER_TOKENS_SECRET_ID.
  --endpoint URL     Secrets Manager somewhere else than on AWS.
                     Default: AWS_ENDPOINT_URL_SECRETS_MANAGER.
  The simulator takes its tokens from its environment (LEDGER_TOKENS) and stores none.

Functions see a change within a minute. Exit code 0: done. 1: it can't be done. 2: wrong arguments.
`;

const OPTIONS = {
  portal: { type: 'string' },
  set: { type: 'string', multiple: true },
  replace: { type: 'boolean' },
  hash: { type: 'string' },
  secret: { type: 'string' },
  ...TABLE_OPTIONS,
} as const;

type Values = OptionValues<typeof OPTIONS>;

interface Command {
  /** The options it takes. */
  takes: readonly (keyof typeof OPTIONS)[];
  run: (values: Values) => Promise<void>;
}

const COMMANDS: Record<string, Command> = {
  settings: { takes: ['portal', 'set', 'table', 'endpoint'], run: settings },
  token: { takes: ['portal', 'replace', 'secret', 'endpoint'], run: newToken },
  tokens: { takes: ['portal', 'secret', 'endpoint'], run: listTokens },
  revoke: { takes: ['portal', 'hash', 'secret', 'endpoint'], run: revokeToken },
};

await runTool({
  name: 'portal',
  help: HELP,
  options: OPTIONS,
  run: async (values, [word, ...more]) => {
    const names = Object.keys(COMMANDS).join(', ');
    if (word === undefined) throw new UsageError(`Which command? Expected one of ${names}.`);
    const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
    if (!command)
      throw new UsageError(`There is no command ${JSON.stringify(word)}; expected one of ${names}.`);
    noWords(more);
    const taken: readonly string[] = command.takes;
    const wrong = Object.keys(values).find((name) => !taken.includes(name));
    if (wrong !== undefined) throw new UsageError(`"${word}" takes no --${wrong}.`);
    await command.run(values);
    return 0;
  },
});

async function settings(values: Values): Promise<void> {
  const portalId = requiredPortal(values.portal);
  const changes = settingsToSet(values.set ?? []);
  const access = tableAccess(values);
  await saveSettings(access, portalId, changes);
  const isChange = Object.keys(changes).length > 0;
  console.log(`Settings of portal ${portalId}${isChange ? ', as they are now' : ''}:`);
  const current = await new LedgerStore(access).settings(portalId);
  for (const line of describeSettings({ ...current })) console.log(line);
  access.close();
}

async function newToken(values: Values): Promise<void> {
  const portalId = requiredPortal(values.portal);
  const secret = tokenSecret(values, process.env);
  const token = randomBytes(32).toString('base64url');
  await secret.change((book) => withToken(book, portalId, token, values.replace ?? false));
  const others = values.replace
    ? 'Older tokens of the portal end within a minute.'
    : 'Older tokens stay valid.';
  // Only the token goes to standard output, so that a script can take it from there.
  console.error(
    `The new ledger token of portal ${portalId} (hash ${hashOf(token).slice(0, SHOWN_DIGITS)}), shown this once. ${others}`,
  );
  console.log(token);
}

async function listTokens(values: Values): Promise<void> {
  const portalId = values.portal === undefined ? undefined : portalArgument(values.portal);
  const book = await tokenSecret(values, process.env).read();
  const lines = describeTokens(
    new Map([...book].filter(([, owner]) => portalId === undefined || owner === portalId)),
  );
  for (const line of lines) console.log(line);
  if (lines.length === 0)
    console.log(portalId ? `Portal ${portalId} has no token.` : 'No portal has a token.');
}

async function revokeToken(values: Values): Promise<void> {
  const portalId = requiredPortal(values.portal);
  const hash = values.hash?.toLowerCase();
  if (hash === undefined || !isHashPrefix(hash)) {
    throw new UsageError('Which token? Pass --hash with at least the first 8 digits that "tokens" shows.');
  }
  await tokenSecret(values, process.env).change((book) => withoutToken(book, portalId, hash));
  console.log(
    `The token ${hash.slice(0, SHOWN_DIGITS)} of portal ${portalId} is revoked; it ends within a minute.`,
  );
}

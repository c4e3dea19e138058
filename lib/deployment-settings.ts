import { existsSync } from 'node:fs';
import type { Node } from 'constructs';

/** How one deployment differs from another; all of it comes from CDK's context (`-c name=value`, or cdk.json). */
export interface DeploymentSettings {
  /** Production keeps everything that holds data; a development deployment leaves nothing behind. */
  production: boolean;
  /** Before every stack's name, so that both kinds can live in one account: `Ledgerbridge` or `LedgerbridgeDev`. */
  prefix: string;
  /** Scheme, host and base path that callers use; the API's own address where undefined. */
  publicBaseUrl: string | undefined;
  /** Who gets an e-mail for each alarm. */
  alarmEmail: string | undefined;
  /** Whether HubSpot's older signature, which has no protection against being sent again, is accepted. */
  hubspotSignatureV2: 'on' | 'off';
  /** The sync's settings that were given, by the name of their environment variable; the functions check them and have the defaults. */
  sync: Record<string, string>;
  /** Fonts for scripts that the PDF's own don't cover: files of installed packages, as `require.resolve` takes them. */
  pdfFontFiles: readonly string[];
}

/**
 * Reads the settings of a deployment from the context of the app.
 *
 * @throws Error that names the setting and what was expected
 */
export function readDeploymentSettings(node: Node): DeploymentSettings {
  const environment = oneOf(node, 'env', ['production', 'dev']);
  return {
    production: environment === 'production',
    prefix: environment === 'production' ? 'Ledgerbridge' : 'LedgerbridgeDev',
    publicBaseUrl: matching(
      node,
      'publicBaseUrl',
      PUBLIC_BASE_URL,
      'an https URL without query and without a slash at the end, such as https://invoices.example.com',
    ),
    alarmEmail: matching(node, 'alarmEmail', /^[^\s@]+@[^\s@]+$/, 'an e-mail address'),
    hubspotSignatureV2: oneOf(node, 'hubspotSignatureV2', ['on', 'off']),
    sync: Object.fromEntries(
      SYNC_SETTINGS.flatMap(([name, variable, pattern, expected]) => {
        const value = matching(node, name, pattern, expected);
        return value === undefined ? [] : [[variable, value]];
      }),
    ),
    pdfFontFiles: pdfFontFiles(node),
  };
}

function pdfFontFiles(node: Node): string[] {
  const expected = 'files of installed packages that end in .ttf or .otf, separated by commas';
  const files = matching(node, 'pdfFontFiles', FONT_FILES, expected)?.split(',') ?? [];
  const missing = files.find((file) => !existsSync(new URL(`../node_modules/${file}`, import.meta.url)));
  if (missing !== undefined) throw unfit('pdfFontFiles', `${expected}; there is none of this name`, missing);
  return files;
}

const FONT_FILES = /^(?:@?\w[\w.-]*\/(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.(?:ttf|otf)(?:,(?!$)|$))+$/i;

const WHOLE = /^[1-9]\d{0,4}$/;
const SYNC_SETTINGS: readonly (readonly [
  name: string,
  variable: string,
  pattern: RegExp,
  expected: string,
])[] = [
  ['hubspotApiVersion', 'HUBSPOT_API_VERSION', /^(2026-03|v3)$/, '2026-03 or v3'],
  ['hubspotCallsPer10s', 'HUBSPOT_CALLS_PER_10S', WHOLE, 'a whole number, in quotes'],
  ['hubspotSearchesPerSecond', 'HUBSPOT_SEARCHES_PER_SECOND', WHOLE, 'a whole number, in quotes'],
  ['priceCurrency', 'PRICE_CURRENCY', /^[A-Z]{3}$/, 'an ISO 4217 code'],
  ['onHubspotDeletion', 'ON_HUBSPOT_DELETION', /^(fail|recreate)$/, 'fail or recreate'],
  ['onHubspotEdit', 'ON_HUBSPOT_EDIT', /^(overwrite|keep)$/, 'overwrite or keep'],
  ['reconcileCalls', 'RECONCILE_CALLS', WHOLE, 'a whole number, in quotes'],
  ['reconcileHour', 'RECONCILE_HOUR', /^(1?\d|20)$/, 'an hour from 0 to 20, in quotes'],
  ['reconcileCallsPer10s', 'RECONCILE_CALLS_PER_10S', WHOLE, 'a whole number, in quotes'],
  ['settleSeconds', 'SETTLE_S', WHOLE, 'a whole number of seconds, in quotes'],
  ['searchLagSeconds', 'SEARCH_LAG_S', WHOLE, 'a whole number of seconds, in quotes'],
  ['retryCapSeconds', 'RETRY_CAP_S', WHOLE, 'a whole number of seconds, in quotes'],
  ['stoppedSeconds', 'STOPPED_S', WHOLE, 'a whole number of seconds, in quotes'],
  ['onAdoptedDeletion', 'ON_ADOPTED_DELETION', /^(unlink|archive)$/, 'unlink or archive'],
];

const PUBLIC_BASE_URL = /^https:\/\/[^\s/?#]+(\/[^\s?#]*[^\s/?#])?$/;

/** One of a few words; the first where the context doesn't say. */
function oneOf<T extends string>(node: Node, name: string, words: readonly [T, ...T[]]): T {
  const value: unknown = node.tryGetContext(name) ?? words[0];
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw unfit(name, words.join(' or '), value);
  return word;
}

function matching(node: Node, name: string, pattern: RegExp, expected: string): string | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !pattern.test(value)) throw unfit(name, expected, value);
  return value;
}

const unfit = (name: string, expected: string, value: unknown): Error =>
  new Error(`The context value "${name}" must be ${expected}, not ${JSON.stringify(value)}.`);

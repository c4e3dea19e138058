import { parseJson } from '../../../functions/input/parse-json.ts';
import type { PortalSettings } from '../../../functions/invoices/portal-settings.ts';
import {
  PORTAL_SETTING_NAMES,
  readPortalSettings,
} from '../../../functions/invoices/read-portal-settings.ts';
import { sellerInput } from '../../../functions/pages/pdf/seller.ts';
import { policyInput } from '../../../functions/rep/policy.ts';
import { UsageError } from '../run-tool.ts';

/** Reads `--set name=value` arguments. Throws a UsageError that names what is wrong and what was expected. */
export function settingsToSet(pairs: readonly string[]): Partial<PortalSettings> {
  const given: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === '') throw new UsageError(`--set ${JSON.stringify(pair)}; expected name=value.`);
    if (Object.hasOwn(given, name)) throw new UsageError(`--set ${name} is given twice.`);
    Object.defineProperty(given, name, { value: asWritten(value), enumerable: true });
  }
  const reading = readPortalSettings(given, { policy: policyInput, seller: sellerInput });
  if (reading.ok) return reading.value;
  const sentences = reading.problems.map(({ field, problem, expected }) =>
    isSettingName(field.replace(/[.[].*$/s, ''))
      ? `${field} ${problem}; expected ${expected}.`
      : `There is no setting ${field}; expected one of ${PORTAL_SETTING_NAMES.join(', ')}.`,
  );
  throw new UsageError(sentences.join('\n'));
}

const isSettingName = (name: string): boolean => PORTAL_SETTING_NAMES.some((known) => known === name);

/** On the command line everything is text; what is written as a whole number, as a list or an object in JSON is one. */
function asWritten(value: string): unknown {
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}

/** Settings one a line, in the order of their names. */
export const describeSettings = (settings: Record<string, unknown>): string[] =>
  Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, value]) => `  ${name} = ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    );

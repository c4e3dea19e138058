import type { PortalSettings } from '../../../functions/invoices/portal-settings.ts';
import {
  PORTAL_SETTING_NAMES,
  readPortalSettings,
} from '../../../functions/invoices/read-portal-settings.ts';
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
  const reading = readPortalSettings(given);
  if (reading.ok) return reading.value;
  const sentences = reading.problems.map(({ field, problem, expected }) =>
    PORTAL_SETTING_NAMES.includes(field)
      ? `${field} ${problem}; expected ${expected}.`
      : `There is no setting ${field}; expected one of ${PORTAL_SETTING_NAMES.join(', ')}.`,
  );
  throw new UsageError(sentences.join('\n'));
}

/** On the command line everything is text; what is written as a whole number is one. */
const asWritten = (value: string): string | number => (/^-?\d{1,15}$/.test(value) ? Number(value) : value);

/** Settings one a line, in the order of their names. */
export const describeSettings = (settings: Record<string, unknown>): string[] =>
  Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `  ${name} = ${String(value)}`);

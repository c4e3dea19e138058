import { normalizedEmail } from './crm-record.ts';
import { type InvalidValue, invalidProperties } from './hubspot-error.ts';
import type { ObjectType } from './object-types.ts';
import type { PropertyDefinition } from './property-definition.ts';

const EMAIL = /^[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>()]+$/;
const LONGEST_VALUE = 65_536;

/**
 * The values as HubSpot would store them (e-mail addresses in lower case; an empty string clears a property).
 * @throws HubSpotError 400 that names every refused value
 */
export function checkedValues(
  portalId: string,
  type: ObjectType,
  definitions: ReadonlyMap<string, PropertyDefinition>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const invalid: InvalidValue[] = [];
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const problem = problemOf(definitions.get(name), name, value, type);
    if (problem !== undefined) invalid.push({ name, ...problem });
    checked[name] = type === 'contacts' ? storedContactValue(name, value) : value;
  }
  if (invalid.length > 0) throw invalidProperties(portalId, invalid);
  return checked;
}

function storedContactValue(name: string, value: string): string {
  if (name === 'email') return normalizedEmail(value);
  if (name === 'hs_additional_emails') return value.split(';').map(normalizedEmail).filter(Boolean).join(';');
  return value;
}

type Problem = Omit<InvalidValue, 'name'>;

function problemOf(
  definition: PropertyDefinition | undefined,
  name: string,
  value: string,
  type: ObjectType,
): Problem | undefined {
  if (definition === undefined) {
    return { error: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` };
  }
  if (definition.readOnlyValue) {
    return {
      error: 'READ_ONLY_VALUE',
      message: `"${name}" is a read only property; its value cannot be set.`,
    };
  }
  if (value === '') return undefined;
  if (value.length > LONGEST_VALUE) {
    return { error: 'VALUE_TOO_LONG', message: `The value of "${name}" exceeds ${LONGEST_VALUE} characters` };
  }
  if (type === 'contacts' && name === 'email') return emailProblem([value]);
  if (type === 'contacts' && name === 'hs_additional_emails') return emailProblem(value.split(';'));
  return typeProblem(definition, value) ?? priceProblem(type, name, value);
}

function emailProblem(emails: readonly string[]): Problem | undefined {
  const wrong = emails.find((email) => !EMAIL.test(email.trim()));
  return wrong === undefined
    ? undefined
    : { error: 'INVALID_EMAIL', message: `Email address ${wrong} is invalid` };
}

/** The sheet of facts: a product's price is a decimal string and never negative. */
function priceProblem(type: ObjectType, name: string, value: string): Problem | undefined {
  const isPrice = type === 'products' && (name === 'price' || name.startsWith('hs_price_'));
  return isPrice && Number(value) < 0
    ? { error: 'INVALID_NUMERIC_RANGE', message: `${value} is lower than the smallest value of "${name}", 0` }
    : undefined;
}

function typeProblem(definition: PropertyDefinition, value: string): Problem | undefined {
  switch (definition.type) {
    case 'string':
      return undefined;
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)
        ? undefined
        : { error: 'INVALID_LONG', message: `${value} was not a valid number.` };
    case 'bool':
      return value === 'true' || value === 'false'
        ? undefined
        : { error: 'INVALID_BOOLEAN', message: `${value} was not a valid boolean.` };
    case 'date':
    case 'datetime':
      return Number.isNaN(instantOf(value))
        ? { error: 'INVALID_DATE', message: `${value} was not a valid date or time.` }
        : undefined;
    case 'enumeration': {
      const options = definition.options.map((option) => option.value);
      const chosen = definition.fieldType === 'checkbox' ? value.split(';') : [value];
      return chosen.every((entry) => options.includes(entry))
        ? undefined
        : {
            error: 'INVALID_OPTION',
            message: `${value} was not one of the allowed options: [${options.join(', ')}]`,
          };
    }
  }
}

/** Epoch milliseconds of a date property's value, which HubSpot takes as ISO 8601 or as epoch milliseconds; NaN for neither. */
export function instantOf(value: string): number {
  if (/^-?\d{5,}$/.test(value)) return Number(value);
  return /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
}

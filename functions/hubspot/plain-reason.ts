import type { ErrorBody, RefusedValue } from './error-body.ts';
import { FAILURE_REASONS, type ReasonCode } from './failure-reasons.ts';

/** A reason for people: what happened, in HubSpot's words where it gave any, and what to do. */
export interface PlainReason {
  reason: string;
  reasonCode: ReasonCode;
}

/** The reason of a code, with HubSpot's own words. */
export function plainReason(
  reasonCode: ReasonCode,
  error?: Partial<ErrorBody>,
  detail?: string,
): PlainReason {
  const { meaning, remedy } = FAILURE_REASONS[reasonCode];
  const said = error?.message ? `HubSpot said: “${shorten(error.message)}”.` : undefined;
  const correlation = error?.correlationId ? `(Correlation id ${error.correlationId}.)` : undefined;
  return { reasonCode, reason: sentences(meaning, detail, said, remedy, correlation) };
}

const CODES: Readonly<Record<string, ReasonCode>> = {
  PROPERTY_DOESNT_EXIST: 'hubspot-unknown-property',
  READ_ONLY_VALUE: 'hubspot-read-only-property',
  INVALID_EMAIL: 'hubspot-invalid-email',
  INVALID_OPTION: 'hubspot-invalid-option',
  MISSING_REQUIRED_PROPERTY: 'hubspot-missing-property',
  MISSING_CONDITIONAL_REQUIRED_PROPERTY: 'hubspot-missing-property',
  REQUIRED_PROPERTIES_MISSING: 'hubspot-missing-property',
};

const MOST_PROPERTIES = 5;

/** The reason of a refusal: names each property at fault and what HubSpot has against it. The first one gives the code. */
export function refusalReason(error: ErrorBody): PlainReason {
  const named = error.refusedValues.filter(({ property, code }) => property ?? code);
  const [first] = named;
  if (first === undefined) return plainReason('hubspot-refused', error);
  const reasonCode = codeOf(first);
  const more =
    named.length > MOST_PROPERTIES ? `And ${named.length - MOST_PROPERTIES} more properties.` : undefined;
  return {
    reasonCode,
    reason: sentences(
      ...named.slice(0, MOST_PROPERTIES).map(describe),
      more,
      FAILURE_REASONS[reasonCode].remedy,
      error.correlationId && `(Correlation id ${error.correlationId}.)`,
    ),
  };
}

const codeOf = ({ code }: RefusedValue): ReasonCode => (code && CODES[code]) || 'hubspot-invalid-value';

function describe(value: RefusedValue): string {
  const which = value.property ? `Property “${value.property}”: ` : '';
  const words = value.message ? ` HubSpot said: “${shorten(value.message)}”.` : '';
  return `${which}${FAILURE_REASONS[codeOf(value)].meaning}${words}`;
}

const sentences = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' ');

/** HubSpot's words are repeated up to this length. */
const MOST_CHARACTERS = 300;

const shorten = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).toWellFormed()} …`;

import { arrayIn, type JsonObject, jsonIn, objectIn, textIn, textsIn } from './json-value.ts';

/** What can be learned from one of HubSpot's errors, of a whole call or of a batch row. */
export interface ErrorBody {
  /** Empty where HubSpot sent none, or no JSON. */
  message: string;
  /** `category`, or `errorType` as bodies of 429 have it. */
  category?: string;
  correlationId?: string;
  /** Of 429: which limit. */
  policyName?: string;
  /** Values that were refused, property by property. */
  refusedValues: RefusedValue[];
  missingScopes: string[];
  /** Which rows of a batch the error is about. */
  traceIds: string[];
  ids: string[];
}

export interface RefusedValue {
  /** The property's internal name. */
  property?: string;
  /** HubSpot's code, such as `PROPERTY_DOESNT_EXIST`. */
  code?: string;
  message: string;
}

/** Reads the body of a failed call. It may be JSON, a page of HTML from HubSpot's edge, or nothing. */
export const parseErrorBody = (text: string): ErrorBody => readError(objectIn(jsonIn(text)) ?? {});

/** Reads HubSpot's error envelope, every field of which may be missing. */
export function readError(envelope: JsonObject): ErrorBody {
  const context = objectIn(envelope.context) ?? {};
  const message = textIn(envelope.message) ?? '';
  const details = arrayIn(envelope.errors).map((entry) => objectIn(entry) ?? {});
  return {
    message,
    category: textIn(envelope.category) ?? textIn(envelope.errorType),
    correlationId: textIn(envelope.correlationId),
    policyName: textIn(envelope.policyName),
    refusedValues: [...embeddedValues(message), ...details.map(refusedByDetail)],
    missingScopes: [context, ...details.map((detail) => objectIn(detail.context) ?? {})].flatMap((where) =>
      textsIn(where.missingScopes ?? where.requiredGranularScopes),
    ),
    traceIds: textsIn(context.objectWriteTraceId),
    ids: [...textsIn(context.ids), ...textsIn(context.id)],
  };
}

/** HubSpot embeds refused values in the message: `Property values were not valid: [{"name": …, "error": …}]`. */
function embeddedValues(message: string): RefusedValue[] {
  const start = message.indexOf('[{');
  if (start === -1) return [];
  return arrayIn(jsonIn(message.slice(start, message.lastIndexOf(']') + 1))).flatMap(
    (entry): RefusedValue[] => {
      const value = objectIn(entry);
      if (value === undefined) return [];
      return [
        {
          property: textIn(value.name),
          code: textIn(value.error),
          message: textIn(value.message) ?? '',
        },
      ];
    },
  );
}

function refusedByDetail(detail: JsonObject): RefusedValue {
  const context = objectIn(detail.context) ?? {};
  return {
    property: textsIn(context.propertyName)[0] ?? textsIn(context.properties)[0] ?? textIn(detail.in),
    code: textIn(detail.code),
    message: textIn(detail.message) ?? '',
  };
}

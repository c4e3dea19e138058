/** One entry of `errors` in HubSpot's error envelope (`ErrorDetail` in the generated models). */
export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly in?: string;
  readonly subCategory?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

interface ErrorExtras {
  readonly subCategory?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly errors?: readonly ErrorDetail[];
  readonly links?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal with the status and the envelope HubSpot would answer. */
export class HubSpotError extends Error {
  readonly status: number;
  readonly category: string;
  readonly extras: ErrorExtras;

  constructor(status: number, category: string, message: string, extras: ErrorExtras = {}) {
    super(message);
    this.name = 'HubSpotError';
    this.status = status;
    this.category = category;
    this.extras = extras;
  }
}

/** HubSpot's error envelope for a whole answer. */
export function errorEnvelope(error: HubSpotError, correlationId: string): Record<string, unknown> {
  const { subCategory, context, links, errors } = error.extras;
  return {
    status: 'error',
    message: error.message,
    correlationId,
    category: error.category,
    ...(subCategory === undefined ? {} : { subCategory }),
    ...(context === undefined ? {} : { context }),
    ...(links === undefined ? {} : { links }),
    ...(errors === undefined ? {} : { errors }),
  };
}

/** 400 for a body or a query that does not fit the schema. */
export function validationError(message: string, extras: ErrorExtras = {}): HubSpotError {
  return new HubSpotError(400, 'VALIDATION_ERROR', message, extras);
}

/** 400 in the words HubSpot uses for JSON it can't read into its model. */
export function invalidJson(reason: string): HubSpotError {
  return validationError(`Invalid input JSON on line 1, column 1: ${reason}`);
}

/** 404 for a record, a property or a card that isn't there. */
export function notFound(message: string): HubSpotError {
  return new HubSpotError(404, 'OBJECT_NOT_FOUND', message);
}

/** 405 with the `Allow` header. */
export function methodNotAllowed(allowed: readonly string[]): HubSpotError {
  return new HubSpotError(405, 'METHOD_NOT_ALLOWED', 'HTTP 405 Method Not Allowed', {
    headers: { allow: allowed.join(', ') },
  });
}

/** 401 for a missing or unknown token. */
export function unauthenticated(): HubSpotError {
  return new HubSpotError(
    401,
    'INVALID_AUTHENTICATION',
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  );
}

/** 403 for a feature this account doesn't have, with the scopes that are missing. */
export function missingScopes(scopes: readonly string[]): HubSpotError {
  return new HubSpotError(
    403,
    'MISSING_SCOPES',
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    { context: { missingScopes: scopes } },
  );
}

/** 409 as contacts answer it; the holder's id is only in the text. */
export function contactExists(existingId: string): HubSpotError {
  return new HubSpotError(409, 'CONFLICT', `Contact already exists. Existing ID: ${existingId}`);
}

/** One property value that HubSpot refuses. */
export interface InvalidValue {
  readonly name: string;
  readonly error: string;
  readonly message: string;
}

/** 400 for refused property values: HubSpot embeds them as a JSON array in the message. */
export function invalidProperties(portalId: string, values: readonly InvalidValue[]): HubSpotError {
  const rows = values.map(({ name, error, message }) => ({
    isValid: false,
    message,
    error,
    name,
    localizedErrorMessage: message,
    portalId: Number(portalId),
  }));
  return validationError(`Property values were not valid: ${JSON.stringify(rows)}`);
}

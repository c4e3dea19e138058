import { describe, expect, test } from '@jest/globals';
import { classifyResponse, type FailedResponse } from '../../functions/hubspot/classify-response.ts';
import { FAILURE_REASONS } from '../../functions/hubspot/failure-reasons.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const HTML = '<html><head><title>Error</title></head><body><h1>Error 1015</h1></body></html>';

const classify = (status: number, body: unknown = '', more: Partial<FailedResponse> = {}) =>
  classifyResponse(
    {
      status,
      retryAfter: null,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      search: false,
      ...more,
    },
    NOW,
  );

const propertyError = (...rows: { name: string; error: string; message: string }[]) => ({
  status: 'error',
  message: `Property values were not valid: ${JSON.stringify(rows)}`,
  correlationId: 'c-1',
  category: 'VALIDATION_ERROR',
});

describe('what a failed answer means', () => {
  test.each([
    [400, 'refused', 'hubspot-refused'],
    [401, 'unauthorized', 'hubspot-unauthorized'],
    [403, 'forbidden', 'hubspot-forbidden'],
    [404, 'not-found', 'hubspot-unreadable-answer'],
    [405, 'refused', 'hubspot-refused'],
    [408, 'timeout', 'hubspot-timeout'],
    [409, 'conflict', 'hubspot-value-taken'],
    [410, 'not-found', 'hubspot-unreadable-answer'],
    [413, 'refused', 'hubspot-too-large'],
    [414, 'refused', 'hubspot-too-large'],
    [415, 'refused', 'hubspot-refused'],
    [422, 'refused', 'hubspot-refused'],
    [423, 'locked', 'hubspot-locked'],
    [429, 'throttled', 'hubspot-throttled'],
    [477, 'parked', 'hubspot-migration'],
    [301, 'transient', 'hubspot-unreadable-answer'],
    [500, 'transient', 'hubspot-server-error'],
    [501, 'transient', 'hubspot-server-error'],
    [502, 'transient', 'hubspot-unavailable'],
    [503, 'transient', 'hubspot-unavailable'],
    [504, 'transient', 'hubspot-unavailable'],
    [520, 'transient', 'hubspot-unavailable'],
    [521, 'transient', 'hubspot-unavailable'],
    [522, 'transient', 'hubspot-unavailable'],
    [523, 'transient', 'hubspot-unavailable'],
    [524, 'transient', 'hubspot-unavailable'],
    [525, 'transient', 'hubspot-unavailable'],
    [526, 'transient', 'hubspot-unavailable'],
  ])('%i is %s whether the body is JSON, a page of HTML, torn or empty', (status, kind, reasonCode) => {
    for (const body of [{ status: 'error', message: 'x', category: 'OTHER' }, HTML, '{"status":"err', '']) {
      expect(classify(status, body)).toMatchObject({ kind, reasonCode, status });
    }
  });

  test.each([null, [], 7, '"text"', { message: 7, errors: 'no', context: [], category: {}, links: null }])(
    'a body of another shape (%j) is read without a mishap',
    (body) => {
      expect(classify(400, JSON.stringify(body)).reason).toContain('HubSpot refused the record.');
    },
  );

  test('404 is about a record only where HubSpot says so by its category', () => {
    const gone = { status: 'error', message: 'Object not found.', category: 'OBJECT_NOT_FOUND' };
    expect(classify(404, gone)).toMatchObject({ missing: 'object', reasonCode: 'hubspot-record-gone' });
    for (const body of [HTML, '', { message: 'Not Found' }]) {
      expect(classify(404, body)).toMatchObject({ kind: 'not-found', missing: 'path' });
    }
  });

  test.each([500, 502, 503, 504, 521, 524, 302])('%i leaves open whether the write was done', (status) => {
    expect(classify(status)).toMatchObject({ kind: 'transient', outcome: 'unknown' });
  });

  test('a reason says what happened, what HubSpot said, what to do, and the correlation id', () => {
    const { reason, correlationId } = classify(500, {
      message: 'internal error',
      correlationId: 'c-9',
      category: 'INTERNAL_ERROR',
    });
    expect(correlationId).toBe('c-9');
    expect(reason).toBe(
      'HubSpot failed inside. HubSpot said: “internal error”. Nothing: the sync tries again by itself. ' +
        'If it lasts, look at status.hubspot.com. (Correlation id c-9.)',
    );
  });

  test('HubSpot’s words are cut to a length that fits a log line', () => {
    expect(classify(400, { message: 'y'.repeat(50_000) }).reason.length).toBeLessThan(600);
  });

  test('a refused token is never described in HubSpot’s words, which are about the token', () => {
    expect(classify(401, { message: 'The token pat-na1-secret expired' }).reason).not.toContain('pat-na1');
  });
});

describe('limits', () => {
  test.each([
    [{ policyName: 'TEN_SECONDLY_ROLLING' }, 'TEN_SECONDLY_ROLLING'],
    [{ policyName: 'SECONDLY' }, 'SECONDLY'],
    [{ policyName: 'DAILY' }, 'DAILY'],
    [{ message: 'You have reached your secondly limit.' }, 'SECONDLY'],
    [{ message: 'You have reached your ten_secondly_rolling limit.' }, 'TEN_SECONDLY_ROLLING'],
    [{ message: 'You have reached your daily limit.' }, 'DAILY'],
    [{ policyName: 'HOURLY' }, 'TEN_SECONDLY_ROLLING'],
    ['', 'TEN_SECONDLY_ROLLING'],
  ])('429 with %j is the limit %s', (body, policy) => {
    expect(classify(429, body)).toMatchObject({ kind: 'throttled', policy });
  });

  test('429 without a name on a search is the limit of a second', () => {
    expect(classify(429, '', { search: true })).toMatchObject({ policy: 'SECONDLY' });
  });

  test('the daily limit has a reason code of its own', () => {
    expect(classify(429, { policyName: 'DAILY' }).reasonCode).toBe('hubspot-daily-limit');
  });

  test.each([
    ['17', 17_000],
    ['0', 0],
    ['999999', 86_400_000],
    [new Date(NOW + 5_000).toUTCString(), 5_000],
    [new Date(NOW - 5_000).toUTCString(), 0],
  ])('Retry-After %s is %i ms', (retryAfter, retryAfterMs) => {
    for (const status of [429, 423, 477, 503]) {
      expect(classify(status, '', { retryAfter })).toMatchObject({ retryAfterMs });
    }
  });

  test.each([null, '', 'soon', '-3'])('Retry-After %j counts as missing', (retryAfter) => {
    expect(classify(429, '', { retryAfter })).not.toHaveProperty('retryAfterMs');
  });

  test('a migration without a Retry-After still says for how long to rest', () => {
    expect(classify(477)).toMatchObject({ kind: 'parked', retryAfterMs: 900_000 });
  });
});

describe('refusals', () => {
  test.each([
    ['PROPERTY_DOESNT_EXIST', 'hubspot-unknown-property'],
    ['READ_ONLY_VALUE', 'hubspot-read-only-property'],
    ['INVALID_EMAIL', 'hubspot-invalid-email'],
    ['INVALID_OPTION', 'hubspot-invalid-option'],
    ['INVALID_LONG', 'hubspot-invalid-value'],
    ['MISSING_REQUIRED_PROPERTY', 'hubspot-missing-property'],
    ['SOMETHING_NEW', 'hubspot-invalid-value'],
  ])('the embedded code %s names the property and becomes %s', (error, reasonCode) => {
    const failure = classify(400, propertyError({ name: 'colour', error, message: 'no good' }));
    expect(failure).toMatchObject({ kind: 'refused', reasonCode, correlationId: 'c-1' });
    expect(failure.reason).toContain('Property “colour”: ');
    expect(failure.reason).toContain('HubSpot said: “no good”.');
    expect(failure.reason).toContain(FAILURE_REASONS[reasonCode as keyof typeof FAILURE_REASONS].remedy);
  });

  test('several refused properties are all named, a great many are counted', () => {
    const rows = Array.from({ length: 8 }, (_, index) => ({
      name: `p${index}`,
      error: 'INVALID_LONG',
      message: 'no',
    }));
    const { reason } = classify(400, propertyError(...rows));
    expect(reason).toContain('“p0”');
    expect(reason).toContain('“p4”');
    expect(reason).toContain('And 3 more properties.');
  });

  test('a rule of the portal that wants a property is found in `errors`', () => {
    const failure = classify(400, {
      message: 'Validation failed',
      category: 'VALIDATION_ERROR',
      errors: [
        {
          message: 'company is required',
          code: 'MISSING_CONDITIONAL_REQUIRED_PROPERTY',
          context: { propertyName: ['company'] },
        },
      ],
    });
    expect(failure).toMatchObject({ kind: 'refused', reasonCode: 'hubspot-missing-property' });
    expect(failure.reason).toContain('“company”');
  });

  test('an embedded list that is no JSON leaves HubSpot’s words', () => {
    const failure = classify(400, { message: 'Property values were not valid: [{"name": broken' });
    expect(failure).toMatchObject({ kind: 'refused', reasonCode: 'hubspot-refused' });
  });

  test('403 names the missing scopes wherever they stand', () => {
    expect(
      classify(403, {
        category: 'MISSING_SCOPES',
        context: { missingScopes: ['crm.objects.products.write'] },
      }),
    ).toMatchObject({
      missingScopes: ['crm.objects.products.write'],
      reason: expect.stringContaining('Missing scopes: crm.objects.products.write.'),
    });
    expect(
      classify(403, {
        errors: [{ message: 'm', context: { requiredGranularScopes: ['a.read', 'b.read'] } }],
      }),
    ).toMatchObject({ missingScopes: ['a.read', 'b.read'] });
    expect(classify(403, HTML)).toMatchObject({ missingScopes: [] });
  });
});

describe('conflicts', () => {
  test('409 of a contact names the holder out of the text', () => {
    expect(
      classify(409, { message: 'Contact already exists. Existing ID: 51', category: 'CONFLICT' }),
    ).toMatchObject({ kind: 'conflict', existingId: '51', property: 'email' });
  });

  test('409 without an id is a conflict with nobody named', () => {
    const failure = classify(409, { message: 'Conflict' });
    expect(failure.kind).toBe('conflict');
    expect(failure).not.toHaveProperty('existingId');
    expect(failure).not.toHaveProperty('property');
  });

  test('400 that says a unique value is taken is a conflict, however long the value', () => {
    const message = `Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=0-7, propertyName=k, value=${'v'.repeat(400)}} on 101. 52 already has that value.`;
    expect(classify(400, { message, category: 'VALIDATION_ERROR' })).toMatchObject({
      kind: 'conflict',
      existingId: '52',
      property: 'k',
      status: 400,
    });
    expect(
      classify(400, propertyError({ name: 'k', error: 'CONFLICTING_UNIQUE_VALUE', message: 'taken' })),
    ).toMatchObject({ kind: 'conflict', property: 'k' });
  });
});

test('every reason code has a meaning and a remedy in whole sentences', () => {
  for (const { meaning, remedy } of Object.values(FAILURE_REASONS)) {
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});

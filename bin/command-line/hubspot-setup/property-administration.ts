import http from 'node:http';
import https from 'node:https';
import { Client } from '@hubspot/api-client';
import { PropertyCreate } from '@hubspot/api-client/lib/codegen/crm/properties/models/PropertyCreate.js';
import type { CallFailure } from '../../../functions/hubspot/call-failure.ts';
import { classifyNetworkError } from '../../../functions/hubspot/classify-network-error.ts';
import { classifyResponse } from '../../../functions/hubspot/classify-response.ts';
import { plainReason } from '../../../functions/hubspot/plain-reason.ts';
import { propertyIn } from '../../../functions/hubspot/record-json.ts';
import type { PropertyAdministration } from '../../../functions/hubspot/set-up-key-property.ts';
import { within } from '../../../functions/within.ts';
import { callReason } from '../call-reason.ts';

const CALL_TIMEOUT_MS = 20_000;

export interface AdministrationAccess {
  accessToken: string;
  /** Scheme and host of HubSpot's API, without a slash at the end. */
  basePath: string;
  /** How long a call may take, in milliseconds. */
  timeoutMs?: number;
}

/** A portal's property definitions through HubSpot's own client, every outcome a value with a reason for whoever runs a tool. */
export function propertyAdministration({
  accessToken,
  basePath,
  timeoutMs = CALL_TIMEOUT_MS,
}: AdministrationAccess): PropertyAdministration {
  // The client knows no time limit. What makes its connections is ours, and can break them off.
  const httpAgent = new (basePath.startsWith('https:') ? https : http).Agent();
  const { coreApi, groupsApi } = new Client({ accessToken, basePath, httpAgent }).crm.properties;

  async function asked<T>(call: () => Promise<T>): Promise<T | CallFailure> {
    const outcome = await within(timeoutMs, settled(call));
    if (outcome === undefined) httpAgent.destroy();
    if (outcome?.kind === 'done') return outcome.value;
    const failure = outcome?.failure ?? { kind: 'timeout', ...plainReason('hubspot-timeout') };
    return { ...failure, reason: callReason(failure, basePath) };
  }

  return {
    listProperties: (type) =>
      asked(async () => {
        const { results } = await coreApi.getAll(type);
        return {
          kind: 'properties' as const,
          properties: results.flatMap((property) => propertyIn(property) ?? []),
        };
      }),
    createProperty: (type, property) =>
      asked(async () => {
        const created = await coreApi.create(type, Object.assign(new PropertyCreate(), property));
        const { name, label, type: valueType, fieldType, groupName, hasUniqueValue = false } = created;
        const definition = { name, label, type: valueType, fieldType, groupName, hasUniqueValue };
        return { kind: 'property' as const, property: { ...definition, readOnly: false } };
      }),
    ensureGroup: (type, group) =>
      asked(async () => {
        const { results } = await groupsApi.getAll(type);
        if (!results.some(({ name }) => name === group.name)) await groupsApi.create(type, group);
        return { kind: 'done' as const };
      }),
  };
}

type Settled<T> = { kind: 'done'; value: T } | { kind: 'failed'; failure: CallFailure };

/** HubSpot's client throws what HubSpot refuses; here every outcome is a value. */
async function settled<T>(call: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { kind: 'done', value: await call() };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

function failureOf(error: unknown): CallFailure {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'number')) {
    return classifyNetworkError(error);
  }
  const body = 'body' in error ? error.body : undefined;
  return classifyResponse(
    {
      status: error.code,
      body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
      retryAfter: null,
      search: false,
    },
    Date.now(),
  );
}

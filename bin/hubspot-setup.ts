import { Client } from '@hubspot/api-client';
import { PropertyCreate } from '@hubspot/api-client/lib/codegen/crm/properties/models/PropertyCreate.js';
import { parseAccessTokens } from '../functions/hubspot/access-tokens.ts';
import type { CallFailure } from '../functions/hubspot/call-failure.ts';
import { classifyNetworkError } from '../functions/hubspot/classify-network-error.ts';
import { classifyResponse } from '../functions/hubspot/classify-response.ts';
import type { ObjectType } from '../functions/hubspot/hubspot-api.ts';
import { parseHubSpotSettings } from '../functions/hubspot/hubspot-settings.ts';
import { propertyIn } from '../functions/hubspot/record-json.ts';
import {
  describeSetUp,
  type PropertyAdministration,
  setUpKeyProperty,
} from '../functions/hubspot/set-up-key-property.ts';
import { runTool, UsageError } from './command-line/run-tool.ts';

const HELP = `
Creates the unique properties by which contacts and products are found again, in HubSpot. Run
again it changes nothing.

  npm run hubspot:setup

Environment
  HUBSPOT_ACCESS_TOKEN  The account's access token, or portal:token pairs, comma-separated.
  HUBSPOT_API_URL       https://api.hubapi.com by default; the simulator prints its imitation's.

Exit code 0: every account has both properties. 1: HubSpot refused, or it can't be done.
2: wrong arguments.
`;

const TYPES: readonly ObjectType[] = ['contacts', 'products'];

/** HubSpot's client throws what HubSpot refuses; here every outcome is a value. */
async function asked<T>(call: () => Promise<T>): Promise<T | CallFailure> {
  try {
    return await call();
  } catch (error) {
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
}

function administration(accessToken: string, basePath: string): PropertyAdministration {
  const { coreApi, groupsApi } = new Client({ accessToken, basePath }).crm.properties;
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

async function setUpPortal(accessToken: string, basePath: string): Promise<boolean> {
  const hubspot = administration(accessToken, basePath);
  let isReady = true;
  for (const type of TYPES) {
    const outcome = await setUpKeyProperty(hubspot, type);
    for (const line of describeSetUp(type, outcome)) console.log(line);
    isReady &&= outcome.kind === 'ready';
  }
  return isReady;
}

async function main(): Promise<number> {
  const { HUBSPOT_API_URL } = parseHubSpotSettings(process.env);
  const tokens = parseAccessTokens(process.env.HUBSPOT_ACCESS_TOKEN ?? '');
  if ('only' in tokens) return (await setUpPortal(tokens.only, HUBSPOT_API_URL)) ? 0 : 1;
  if (tokens.byPortal.size === 0) throw new Error('HUBSPOT_ACCESS_TOKEN is not set.');
  let isReady = true;
  for (const [portalId, token] of tokens.byPortal) {
    console.log(`Portal ${portalId}:`);
    isReady = (await setUpPortal(token, HUBSPOT_API_URL)) && isReady;
  }
  return isReady ? 0 : 1;
}

await runTool({
  name: 'hubspot:setup',
  help: HELP,
  options: {},
  run: async (_options, words) => {
    const [word] = words;
    if (word !== undefined)
      throw new UsageError(`There is nothing to say to it, and so no ${JSON.stringify(word)}.`);
    try {
      return await main();
    } catch (error) {
      console.error(error instanceof Error ? error.message : 'The set-up failed.');
      return 1;
    }
  },
});

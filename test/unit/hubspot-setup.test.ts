import { describe, expect, test } from '@jest/globals';
import type { CallFailure } from '../../functions/hubspot/call-failure.ts';
import { classifyResponse } from '../../functions/hubspot/classify-response.ts';
import type { NewProperty } from '../../functions/hubspot/hubspot-api.ts';
import {
  describeSetUp,
  type PropertyAdministration,
  setUpKeyProperty,
} from '../../functions/hubspot/set-up-key-property.ts';

const failure = (status: number, message = 'no'): CallFailure =>
  classifyResponse({ status, retryAfter: null, body: JSON.stringify({ message }), search: false }, 0);

/** A portal with properties, which may answer a creation in its own way. */
function portal(options: {
  has?: { name: string; hasUniqueValue: boolean }[];
  onCreate?: (property: NewProperty) => NewProperty | CallFailure;
  onGroup?: CallFailure;
}) {
  const properties = [...(options.has ?? [])];
  const writes: string[] = [];
  const full = (property: { name: string; hasUniqueValue: boolean }) => ({
    label: property.name,
    type: 'string',
    fieldType: 'text',
    groupName: 'ledgerbridge',
    readOnly: false,
    ...property,
  });
  const hubspot: PropertyAdministration = {
    listProperties: async () => ({ kind: 'properties', properties: properties.map(full) }),
    ensureGroup: async (_type, { name }) => {
      writes.push(`group ${name}`);
      return options.onGroup ?? { kind: 'done' };
    },
    createProperty: async (_type, property) => {
      writes.push(`${property.hasUniqueValue ? 'unique' : 'ordinary'} ${property.name}`);
      const made = options.onCreate?.(property) ?? property;
      if ('kind' in made) return made;
      properties.push(made);
      return { kind: 'property', property: full(made) };
    },
  };
  return { hubspot, writes, properties };
}

describe('setting up a portal', () => {
  test('creates the unique property in our own group, and nothing the second time', async () => {
    const { hubspot, writes } = portal({});
    expect(await setUpKeyProperty(hubspot, 'products')).toEqual({
      kind: 'ready',
      property: 'ledgerbridge_product_id',
      created: true,
    });
    expect(writes).toEqual(['group ledgerbridge', 'unique ledgerbridge_product_id']);
    expect(await setUpKeyProperty(hubspot, 'products')).toMatchObject({ kind: 'ready', created: false });
    expect(writes).toHaveLength(2);
  });

  test('creates the unique one beside an ordinary property of its name, and nothing the second time', async () => {
    const { hubspot, writes } = portal({
      has: [{ name: 'ledgerbridge_customer_id', hasUniqueValue: false }],
    });
    const outcome = await setUpKeyProperty(hubspot, 'contacts');
    expect(outcome).toEqual({
      kind: 'ready',
      property: 'ledgerbridge_customer_id_key',
      created: true,
      ordinary: 'ledgerbridge_customer_id',
    });
    expect(describeSetUp('contacts', outcome).join('\n')).toContain("uniqueness can't be added");
    expect(await setUpKeyProperty(hubspot, 'contacts')).toMatchObject({ kind: 'ready', created: false });
    expect(writes).toHaveLength(2);
  });

  test('a portal that doesn’t keep the property unique is told apart; the second time nothing is created, until it is archived', async () => {
    const supports = { unique: false };
    const { hubspot, writes, properties } = portal({
      onCreate: (property) => ({ ...property, hasUniqueValue: supports.unique && property.hasUniqueValue }),
    });
    const outcome = {
      kind: 'not-kept',
      ordinary: 'ledgerbridge_product_id',
      inTheWay: ['ledgerbridge_product_id'],
    };
    expect(await setUpKeyProperty(hubspot, 'products')).toEqual(outcome);
    expect(writes).toEqual(['group ledgerbridge', 'unique ledgerbridge_product_id']);
    supports.unique = true;
    const second = await setUpKeyProperty(hubspot, 'products');
    expect(second).toEqual(outcome);
    expect(writes).toHaveLength(2);
    expect(describeSetUp('products', second).at(-1)).toContain('archive ledgerbridge_product_id in HubSpot');

    properties.length = 0;
    expect(await setUpKeyProperty(hubspot, 'products')).toMatchObject({
      kind: 'ready',
      property: 'ledgerbridge_product_id',
    });
  });

  test('where both names are taken by ordinary properties, says which to archive, and creates nothing', async () => {
    const { hubspot, writes, properties } = portal({
      has: [{ name: 'ledgerbridge_customer_id', hasUniqueValue: false }],
      onCreate: (property) => ({ ...property, hasUniqueValue: false }),
    });
    const outcome = {
      kind: 'not-kept',
      ordinary: 'ledgerbridge_customer_id',
      inTheWay: ['ledgerbridge_customer_id_key'],
    };
    expect(await setUpKeyProperty(hubspot, 'contacts')).toEqual(outcome);
    expect(await setUpKeyProperty(hubspot, 'contacts')).toEqual(outcome);
    expect(writes).toEqual(['group ledgerbridge', 'unique ledgerbridge_customer_id_key']);
    expect(properties).toHaveLength(2);
  });

  test('where only a unique property is refused, creates an ordinary one that can be searched, and a unique one beside it later', async () => {
    const tooMany = failure(400, 'An object type has at most 10 properties with unique values');
    const limit = { isReached: true };
    const { hubspot, properties } = portal({
      onCreate: (property) => (property.hasUniqueValue && limit.isReached ? tooMany : property),
    });
    const outcome = await setUpKeyProperty(hubspot, 'products');
    expect(outcome).toMatchObject({
      kind: 'without',
      ordinary: 'ledgerbridge_product_id',
      reason: expect.stringContaining('at most 10'),
    });
    expect(await setUpKeyProperty(hubspot, 'products')).toEqual(outcome);
    expect(properties).toMatchObject([{ name: 'ledgerbridge_product_id', hasUniqueValue: false }]);
    limit.isReached = false;
    expect(await setUpKeyProperty(hubspot, 'products')).toMatchObject({
      kind: 'ready',
      property: 'ledgerbridge_product_id_key',
      ordinary: 'ledgerbridge_product_id',
    });
  });

  test('says in plain words what it costs where properties are refused altogether', async () => {
    const { hubspot } = portal({ onCreate: () => failure(403) });
    const outcome = await setUpKeyProperty(hubspot, 'products');
    expect(outcome).toMatchObject({ kind: 'without' });
    expect(outcome).not.toHaveProperty('ordinary');
    const text = describeSetUp('products', outcome).join('\n');
    expect(text).toContain('more slowly');
    expect(text).toContain('by search (by SKU, else by exact name');
    expect(text).toContain('crm.schemas.products.write');
  });

  test('a group that is refused is a refusal too', async () => {
    const { hubspot } = portal({ onGroup: failure(403) });
    expect(await setUpKeyProperty(hubspot, 'products')).toMatchObject({ kind: 'without' });
  });

  test('a property that somebody else creates at the same moment is as good as ours', async () => {
    const setUp = portal({});
    const { hubspot, properties } = setUp;
    const outcome = await setUpKeyProperty(
      {
        ...hubspot,
        createProperty: async (_type, { name }) => {
          properties.push({ name, hasUniqueValue: true });
          return failure(409);
        },
      },
      'products',
    );
    expect(outcome).toMatchObject({ kind: 'ready', property: 'ledgerbridge_product_id' });
  });

  test('decides nothing while HubSpot can’t be asked', async () => {
    const { hubspot } = portal({ onCreate: () => failure(502) });
    const outcome = await setUpKeyProperty(hubspot, 'products');
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(describeSetUp('products', outcome)[0]).toContain('could not be asked');
  });
});

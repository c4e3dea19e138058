import { OBJECT_TYPES, type ObjectType } from './object-types.ts';
import {
  type PropertyDefinition,
  type PropertyOption,
  type PropertyType,
  STANDARD_GROUPS,
} from './property-definition.ts';

type Columns = readonly [name: string, type?: PropertyType, options?: readonly string[]];

const WRITABLE: Readonly<Record<ObjectType, readonly Columns[]>> = {
  contacts: [
    ['email'],
    ['hs_additional_emails'],
    ['firstname'],
    ['lastname'],
    ['company'],
    ['phone'],
    ['mobilephone'],
    ['jobtitle'],
    ['website'],
    ['address'],
    ['city'],
    ['state'],
    ['zip'],
    ['country'],
    ['hubspot_owner_id'],
    [
      'lifecyclestage',
      'enumeration',
      [
        'subscriber',
        'lead',
        'marketingqualifiedlead',
        'salesqualifiedlead',
        'opportunity',
        'customer',
        'evangelist',
        'other',
      ],
    ],
  ],
  products: [
    ['name'],
    ['description'],
    ['price', 'number'],
    ['hs_sku'],
    ['hs_cost_of_goods_sold', 'number'],
    ['hs_recurring_billing_period'],
    ['recurringbillingfrequency', 'enumeration', ['weekly', 'monthly', 'quarterly', 'annually']],
    ['hs_product_type', 'enumeration', ['inventory', 'non_inventory', 'service']],
    ['hs_images'],
    ['hs_url'],
  ],
  deals: [
    ['dealname'],
    ['description'],
    ['amount', 'number'],
    ['deal_currency_code'],
    ['dealstage'],
    ['pipeline'],
    ['closedate', 'datetime'],
    ['hubspot_owner_id'],
  ],
  line_items: [
    ['name'],
    ['description'],
    ['quantity', 'number'],
    ['price', 'number'],
    ['amount', 'number'],
    ['discount', 'number'],
    ['hs_discount_percentage', 'number'],
    ['hs_line_item_currency_code'],
    ['hs_product_id'],
    ['hs_sku'],
    ['tax', 'number'],
  ],
};

/** What HubSpot itself defines for the object type, with one price property for each enabled currency (products only). */
export function standardProperties(type: ObjectType, currencies: readonly string[]): PropertyDefinition[] {
  const prices: Columns[] =
    type === 'products' ? currencies.map((code) => [`hs_price_${code.toLowerCase()}`, 'number']) : [];
  const readOnly: Columns[] = [
    ['hs_object_id'],
    ['createdate', 'datetime'],
    ['hs_createdate', 'datetime'],
    [OBJECT_TYPES[type].lastModifiedProperty, 'datetime'],
    ['hs_merged_object_ids'],
  ];
  return [
    ...[...WRITABLE[type], ...prices].map((columns) => standard(type, columns, false)),
    ...readOnly.map((columns) => standard(type, columns, true)),
  ];
}

function standard(
  type: ObjectType,
  [name, valueType = 'string', options = []]: Columns,
  readOnlyValue: boolean,
): PropertyDefinition {
  return {
    name,
    label: name.replaceAll('_', ' '),
    description: '',
    groupName: STANDARD_GROUPS[type],
    type: valueType,
    fieldType: fieldTypeOf(valueType),
    options: options.map(standardOption),
    hasUniqueValue: name === 'hs_object_id',
    hubspotDefined: true,
    readOnlyValue,
    hidden: false,
    formField: !readOnlyValue,
    displayOrder: -1,
  };
}

function standardOption(value: string, displayOrder: number): PropertyOption {
  return { label: value, value, displayOrder, hidden: false };
}

function fieldTypeOf(type: PropertyType): string {
  switch (type) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'date':
    case 'datetime':
      return 'date';
    case 'enumeration':
      return 'select';
    case 'bool':
      return 'booleancheckbox';
  }
}

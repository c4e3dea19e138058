import { invalidJson } from './hubspot-error.ts';
import { arrayOf, isObject, wordOf } from './json-shape.ts';
import { OBJECT_TYPE_NAMES, type ObjectType } from './object-types.ts';

/** How a portal answers the creation of a unique property: as asked, as an ordinary one without saying so, or with 403. */
export type CustomProperties = 'unique' | 'ordinary' | 'refused';

/** What differs between portals. Changeable at run time; not kept over a restart. `null` is "no limit". */
export interface PortalSettings {
  readonly customProperties: Readonly<Record<ObjectType, CustomProperties>>;
  /** ISO 4217 codes for which products have a property `hs_price_<code>`. */
  readonly priceCurrencies: readonly string[];
  /** A record is found by search only this long after its write. */
  readonly searchLagMs: number;
  /** How long every call takes. */
  readonly latencyMs: number;
  readonly callsPer10s: number | null;
  readonly callsPerDay: number | null;
  readonly searchesPerSecond: number | null;
  /** HubSpot's status for a value of a unique property that another record holds is uncertain, so both can be had. */
  readonly uniqueConflictStatus: 400 | 409;
  /** `withdrawn`: the account can no longer create legacy CRM cards. */
  readonly legacyCards: 'available' | 'withdrawn';
}

/** A change of settings; `customProperties` may be one word for all object types. */
export type SettingsPatch = Partial<
  Omit<PortalSettings, 'customProperties'> & {
    customProperties: CustomProperties | Partial<Record<ObjectType, CustomProperties>>;
  }
>;

/** HubSpot's own lag and limits of a portal, with the search limit every account has. */
export const STANDARD_SETTINGS: PortalSettings = {
  customProperties: { contacts: 'unique', products: 'unique', deals: 'unique', line_items: 'unique' },
  priceCurrencies: [],
  searchLagMs: 0,
  latencyMs: 0,
  callsPer10s: null,
  callsPerDay: null,
  searchesPerSecond: 5,
  uniqueConflictStatus: 400,
  legacyCards: 'available',
};

/** The settings with a change applied. */
export function withSettings(settings: PortalSettings, patch: SettingsPatch): PortalSettings {
  const { customProperties, ...rest } = patch;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...settings,
    ...given,
    customProperties: { ...settings.customProperties, ...customPropertiesOf(customProperties) },
  };
}

function customPropertiesOf(
  value: SettingsPatch['customProperties'],
): Partial<Record<ObjectType, CustomProperties>> {
  if (typeof value !== 'string') return value ?? {};
  return { contacts: value, products: value, deals: value, line_items: value };
}

/** A change of settings out of JSON. @throws HubSpotError 400 that names the setting which is unknown or of the wrong kind */
export function settingsPatchOf(json: unknown): SettingsPatch {
  if (!isObject(json)) throw invalidJson('settings must be an object');
  const patch: { -readonly [Name in keyof SettingsPatch]: SettingsPatch[Name] } = {};
  for (const [name, value] of Object.entries(json)) {
    switch (name) {
      case 'customProperties':
        patch.customProperties = customPropertiesFrom(value);
        break;
      case 'priceCurrencies':
        patch.priceCurrencies = arrayOf(value, name).map(String);
        break;
      case 'searchLagMs':
      case 'latencyMs':
        patch[name] = amountOf(value, name);
        break;
      case 'callsPer10s':
      case 'callsPerDay':
      case 'searchesPerSecond':
        patch[name] = value === null ? null : amountOf(value, name);
        break;
      case 'uniqueConflictStatus':
        if (value !== 400 && value !== 409) throw invalidJson(`"${name}" must be 400 or 409`);
        patch.uniqueConflictStatus = value;
        break;
      case 'legacyCards':
        patch.legacyCards = wordOf(value, name, ['available', 'withdrawn'] as const);
        break;
      default:
        throw invalidJson(`"${name}" is no setting`);
    }
  }
  return patch;
}

function customPropertiesFrom(value: unknown): NonNullable<SettingsPatch['customProperties']> {
  const words = ['unique', 'ordinary', 'refused'] as const;
  if (!isObject(value)) return wordOf(value, 'customProperties', words);
  const byType: Partial<Record<ObjectType, CustomProperties>> = {};
  for (const [name, word] of Object.entries(value)) {
    byType[wordOf(name, 'customProperties', OBJECT_TYPE_NAMES)] = wordOf(word, name, words);
  }
  return byType;
}

function amountOf(value: unknown, name: string): number {
  if (typeof value !== 'number' || value < 0) throw invalidJson(`"${name}" must be a number from 0`);
  return value;
}

import type { ObjectType } from '../../../functions/hubspot/hubspot-api.ts';

/** The columns of a file, named as the fields of `POST /v1/products` and `POST /v1/contacts` are. */
const COLUMNS: Readonly<Record<ObjectType, readonly string[]>> = {
  products: ['externalId', 'updatedAt', 'name', 'sku', 'price', 'currency', 'description', 'deleted'],
  contacts: ['externalId', 'updatedAt', 'email', 'firstName', 'lastName', 'company', 'phone', 'deleted'],
};

/** A column of this beginning goes to the HubSpot property that the rest of its name is. */
const PROPERTY = 'properties.';

/** What is wrong with a header row, as a sentence; undefined where it can be read. */
export function headerFault(
  type: ObjectType,
  header: readonly string[],
  separator: string,
): string | undefined {
  const columns = COLUMNS[type];
  const known = `Known columns: ${columns.join(', ')}, and ${PROPERTY}<name> for other HubSpot properties.`;
  const [first = ''] = header;
  if (header.length === 1 && /[;\t,|]/.test(first)) {
    return `The header row is one column, ${JSON.stringify(first.slice(0, 60))}: it is not separated by ${JSON.stringify(separator)}. Pass --separator.`;
  }
  const unknown = header.find(
    (name) => !columns.includes(name) && !(name.startsWith(PROPERTY) && name.length > PROPERTY.length),
  );
  if (unknown !== undefined) return `The header row has a column ${JSON.stringify(unknown)}. ${known}`;
  const twice = header.find((name, place) => header.indexOf(name) !== place);
  if (twice !== undefined) return `The header row has the column ${twice} twice.`;
  return header.includes('externalId') ? undefined : `The header row lacks externalId. ${known}`;
}

/** A row's record as the API takes it. Values stay as they are written: the API says what is wrong with them. An empty cell is a field left out. */
export function recordOfCells(cells: ReadonlyMap<string, string>): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  const properties: Record<string, string> = {};
  for (const [name, cell] of cells) {
    if (name.startsWith(PROPERTY)) properties[name.slice(PROPERTY.length)] = cell;
    else record[name] = name === 'deleted' ? deletedOf(cell) : cell;
  }
  return Object.keys(properties).length === 0 ? record : { ...record, properties };
}

/** As spreadsheets write it. */
function deletedOf(cell: string): unknown {
  const word = cell.toLowerCase();
  if (word === 'true') return true;
  return word === 'false' ? false : cell;
}

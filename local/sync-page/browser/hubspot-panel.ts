import { element, find } from '../../pages/browser/element.ts';
import type { HubSpotView, ShownCall, ShownRecord, ShownRecords } from '../backend.ts';
import { type RefreshedPart, refreshedPart } from './refreshed-part.ts';
import { foreignText, moment, tableRow } from './table-row.ts';

type Imitation = Extract<HubSpotView, { kind: 'imitation' }>;

const counter = (label: string, count: number): HTMLElement =>
  element('div', {}, element('dt', {}, label), element('dd', {}, String(count)));

const counterList = (counters: Imitation['counters']): readonly HTMLElement[] => [
  counter('Calls', counters.calls),
  counter('Searches', counters.searches),
  counter('Calls that wrote', counters.writeCalls),
  counter('Records written', counters.recordWrites),
  counter('Turned away for their number', counters.rateLimited),
];

const callRow = ({ at, call, records, answer, fault }: ShownCall, locale: string): HTMLElement =>
  tableRow(moment(at, locale), [
    { column: 'Call', content: foreignText(call) },
    { column: 'Records', content: String(records) },
    { column: 'Answer', content: answer },
    { column: 'Injected fault', content: fault ?? 'none', style: fault === undefined ? 'quiet' : 'strong' },
  ]);

const recordRow = (detailColumn: string, { hubspotId, key, name, detail }: ShownRecord): HTMLElement =>
  tableRow(foreignText(name), [
    { column: detailColumn, content: foreignText(detail) },
    { column: 'External id', content: foreignText(key ?? '--') },
    { column: 'HubSpot id', content: hubspotId },
  ]);

const countInWords = ({ live, archived, newest }: ShownRecords): string => {
  const records = live === 1 ? '1 record' : `${live} records`;
  const shown = newest.length < live ? `, the newest ${newest.length} here` : '';
  return `${records}${archived === 0 ? '' : `, ${archived} archived`}${shown}`;
};

const recordsPart = (type: 'products' | 'contacts', detailColumn: string): RefreshedPart<ShownRecords> => {
  const count = refreshedPart(find(document, `[data-count=${type}]`), (text: string) => [text]);
  const rows = refreshedPart(find(document, `[data-records=${type}]`), (newest: readonly ShownRecord[]) =>
    newest.map((record) => recordRow(detailColumn, record)),
  );
  const keyless = find(document, `[data-keyless=${type}]`);
  return (records) => {
    const { newest } = records;
    count(countInWords(records));
    rows(newest);
    keyless.hidden = newest.length === 0 || newest.some(({ key }) => key !== undefined);
  };
};

/** Another HubSpot keeps its inside to itself: what stood for the imitation gives way to a sentence. */
const showElsewhere = (url: string): void => {
  for (const part of document.querySelectorAll<HTMLElement>('[data-imitation]')) part.hidden = true;
  const place = find(document, '#elsewhere');
  place.hidden = false;
  place.textContent = `HUBSPOT_API_URL names another HubSpot, ${url}: see there what it has. Faults can only be injected into the imitation.`;
};

/** HubSpot as it is inside: its counters, newest calls and records, and the faults that are still to come. */
export const hubSpotPanel = (locale: string): RefreshedPart<HubSpotView> => {
  const counters = refreshedPart(find(document, '#counters'), counterList);
  const calls = refreshedPart(find(document, '#calls'), (newest: readonly ShownCall[]) =>
    newest.map((call) => callRow(call, locale)),
  );
  const faults = refreshedPart(find(document, '#faults'), (pending: readonly string[]) =>
    pending.length === 0
      ? [element('li', {}, 'No faults to come.')]
      : pending.map((text) => element('li', {}, text)),
  );
  const products = recordsPart('products', 'Price');
  const contacts = recordsPart('contacts', 'E-mail');
  return (view) => {
    if (view.kind === 'elsewhere') {
      showElsewhere(view.url);
      return;
    }
    counters(view.counters);
    calls(view.calls);
    faults(view.faults);
    products(view.records.products);
    contacts(view.records.contacts);
  };
};

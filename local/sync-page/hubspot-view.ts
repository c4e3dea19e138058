import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { KEY_PROPERTIES, uniqueNameBeside } from '../../functions/hubspot/key-property.ts';
import type { CallEntry } from '../hubspot/call-log.ts';
import type { RecordView } from '../hubspot/crm-record.ts';
import type { HubSpotImitation } from '../hubspot/imitation.ts';
import type { HubSpotView, ShownCall, ShownRecord, ShownRecords } from './backend.ts';
import { pendingFaultInWords } from './sample-faults.ts';

const RECORDS_SHOWN = 50;
const CALLS_SHOWN = 50;

/** Looks into the imitation, outside its limits and counters, on behalf of the page. */
export function hubSpotViewer(hubspot: HubSpotImitation, portalId: string): () => HubSpotView {
  const recordsOf = (type: ObjectType): ShownRecords => ({
    ...hubspot.counts(portalId, type),
    newest: hubspot
      .records(portalId, type)
      .slice(-RECORDS_SHOWN)
      .reverse()
      .map((record) => shownRecord(type, record)),
  });
  return () => ({
    kind: 'imitation',
    counters: hubspot.counters(portalId),
    faults: hubspot.faults.pending().map(({ rule, remaining }) => pendingFaultInWords(rule, remaining)),
    calls: hubspot.calls(portalId).slice(-CALLS_SHOWN).reverse().map(shownCall),
    records: { products: recordsOf('products'), contacts: recordsOf('contacts') },
  });
}

function shownRecord(type: ObjectType, { id, properties }: RecordView): ShownRecord {
  const key = properties[uniqueNameBeside(KEY_PROPERTIES[type])] ?? properties[KEY_PROPERTIES[type]];
  const person = [properties.firstname, properties.lastname].filter(Boolean).join(' ');
  return {
    hubspotId: id,
    key: key ?? undefined,
    name: type === 'products' ? (properties.name ?? '') : person,
    detail: (type === 'products' ? properties.price : properties.email) ?? '',
  };
}

function shownCall({ at, method, path, inputs, status, fault }: CallEntry): ShownCall {
  const withoutAnswer = fault?.startsWith('lost-') ? 'none: the connection broke' : 'none yet';
  return {
    at: new Date(at).toISOString(),
    call: `${method} ${path.replace(/\?.*$/s, '')}`,
    records: inputs,
    answer: status === undefined ? withoutAnswer : String(status),
    fault: fault === 'status' ? 'answer replaced' : fault?.replaceAll('-', ' '),
  };
}

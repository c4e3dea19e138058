import { describe, expect, test } from '@jest/globals';
import type { CardDefinition } from '../../local/deal-page/backend.ts';
import { readCard } from '../../local/deal-page/browser/read-card.ts';

const definition: CardDefinition = {
  title: 'Invoices',
  displayProperties: [{ name: 'status', label: 'Status', dataType: 'STATUS', options: [] }],
};
const row = { objectId: 42, title: 'INV-0042', status: 'open' };
const hook = {
  type: 'ACTION_HOOK',
  httpMethod: 'POST',
  uri: 'https://api.example.com/issue',
  label: 'Issue',
};
const frame = {
  type: 'IFRAME',
  width: 800,
  height: 600,
  uri: 'https://api.example.com/new',
  label: 'Create',
};

const cardOf = (body: unknown) => {
  const reading = readCard(body, definition);
  if (reading.kind !== 'card') throw new Error(reading.reason);
  return reading.card;
};

describe('reading a card', () => {
  test('an empty list of results is a card without actions', () => {
    expect(cardOf({ results: [] })).toEqual({
      rows: [],
      settings: undefined,
      primary: undefined,
      secondary: [],
    });
  });

  test('a row keeps its declared values as text, and neither null nor what is not declared', () => {
    const [first, second] = cardOf({
      results: [
        { ...row, status: 7, priority: 'HIGH' },
        { ...row, objectId: 43, status: null, link: null },
      ],
    }).rows;
    expect(first?.declared).toEqual({ status: '7' });
    expect(second?.declared).toEqual({});
    expect(second?.link).toBeUndefined();
  });

  test('of more than five results the first five are shown, as in HubSpot', () => {
    const results = [1, 2, 3, 4, 5, 6, 7].map((objectId) => ({ ...row, objectId }));
    expect(cardOf({ results }).rows.map(({ objectId }) => objectId)).toEqual([1, 2, 3, 4, 5]);
  });

  test('actions are read in every place, and a hook is kept exactly as it was sent', () => {
    const confirmed = { ...hook, type: 'CONFIRMATION_ACTION_HOOK', httpMethod: 'DELETE', extra: 1 };
    const card = cardOf({
      results: [{ ...row, actions: [hook, confirmed] }],
      primaryAction: frame,
      secondaryActions: [frame, hook],
      settingsAction: { ...frame, label: 'Settings' },
    });
    expect(card.primary).toEqual({ kind: 'frame', label: 'Create', uri: frame.uri, width: 800, height: 600 });
    expect(card.secondary.map(({ kind }) => kind)).toEqual(['frame', 'hook']);
    expect(card.settings?.label).toBe('Settings');
    expect(card.rows[0]?.actions[0]).toEqual({ kind: 'hook', label: 'Issue', sent: hook, isDelete: false });
    expect(card.rows[0]?.actions[1]).toEqual({
      kind: 'hook',
      label: 'Issue',
      sent: confirmed,
      isDelete: true,
      confirmation: { message: 'Are you sure?', confirm: 'Yes', cancel: 'No' },
    });
  });

  test.each([
    ['text', 'Service unavailable', 'The answer is not an object.'],
    ['a list', [], 'The answer is not an object.'],
    ['no results', {}, 'results is not a list.'],
    [
      'an id that is text',
      { results: [{ ...row, objectId: '42' }] },
      'results[0].objectId is not a whole number.',
    ],
    ['the same id twice', { results: [row, row] }, 'an objectId stands there twice.'],
    ['a row without a title', { results: [{ objectId: 1 }] }, 'results[0].title is not text.'],
    [
      'a number for money',
      { results: [{ ...row, properties: [{ label: 'Total', dataType: 'CURRENCY', value: 1190 }] }] },
      'results[0].properties[0].value is not text.',
    ],
    [
      'an unknown kind of action',
      { results: [], primaryAction: { ...hook, type: 'SERVERLESS' } },
      'primaryAction.type is not a type of action: SERVERLESS.',
    ],
    [
      'a frame without a size',
      { results: [], secondaryActions: [{ ...frame, width: undefined }] },
      'secondaryActions[0].width is not a whole number.',
    ],
  ])('%s makes the whole card unreadable, and the reason names the place', (_what, body, reason) => {
    expect(readCard(body, definition)).toEqual({ kind: 'unreadable', reason });
  });
});

import { describe, expect, test } from '@jest/globals';
import { actionAt, lookOf } from '../../local/deal-page/browser/action-place.ts';
import type { Card, CardAction, CardRow } from '../../local/deal-page/browser/card.ts';
import { nameOfActor } from '../../local/deal-page/browser/events-panel.ts';
import { asksToClose } from '../../local/deal-page/browser/frame-modal.ts';
import { rowProperties } from '../../local/deal-page/browser/row-properties.ts';

const frame = (label: string, uri = `https://api.example.com/${label}`): CardAction => ({
  kind: 'frame',
  label,
  uri,
  width: 800,
  height: 600,
});
const row = (objectId: number, actions: readonly CardAction[] = []): CardRow => ({
  objectId,
  title: `INV-${objectId}`,
  declared: { created: '2026-10-13', status: 'overdue' },
  properties: [{ label: 'Customer', dataType: 'STRING', value: 'Acme' }],
  actions,
});
const card: Card = {
  rows: [row(1, [frame('pdf'), frame('pay')]), row(2, [frame('edit')])],
  settings: frame('settings'),
  primary: frame('create'),
  secondary: [frame('first'), frame('second')],
};

describe("a row's properties", () => {
  const definition = {
    title: 'Invoices',
    displayProperties: [
      {
        name: 'status',
        label: 'Status',
        dataType: 'STATUS',
        options: [{ name: 'overdue', label: 'Overdue', type: 'DANGER' }],
      },
      { name: 'priority', label: 'Priority', dataType: 'STRING', options: [] },
      { name: 'created', label: 'Issued', dataType: 'DATE', options: [] },
    ],
  };

  test('are the declared ones in the order of the definition, then its own; absent ones are left out', () => {
    expect(rowProperties(row(1), definition)).toEqual([
      { label: 'Status', dataType: 'STATUS', value: 'Overdue', optionType: 'DANGER' },
      { label: 'Issued', dataType: 'DATE', value: '2026-10-13' },
      { label: 'Customer', dataType: 'STRING', value: 'Acme' },
    ]);
  });
});

describe('an action', () => {
  test('is found where it stands', () => {
    expect(actionAt(card, { on: 'settings' })?.label).toBe('settings');
    expect(actionAt(card, { on: 'primary' })?.label).toBe('create');
    expect(actionAt(card, { on: 'secondary', index: 1 })?.label).toBe('second');
    expect(actionAt(card, { on: 'row', objectId: 1, index: 1 })?.label).toBe('pay');
    expect(actionAt(card, { on: 'row', objectId: 3, index: 0 })).toBeUndefined();
  });
});

describe('the look of a card', () => {
  test('does not change with the address of an action, which carries a new ticket each time', () => {
    const renewed = { ...card, primary: frame('create', 'https://api.example.com/create?ticket=2') };
    expect(lookOf(renewed)).toBe(lookOf(card));
  });

  test('changes with a value, with the name of an action, and with an action that is gone', () => {
    const changes: readonly Card[] = [
      { ...card, rows: [{ ...row(1, [frame('pdf'), frame('pay')]), declared: { status: 'paid' } }] },
      { ...card, primary: frame('new') },
      { ...card, settings: undefined },
      { ...card, secondary: [frame('first')] },
    ];
    for (const changed of changes) expect(lookOf(changed)).not.toBe(lookOf(card));
  });
});

describe("a frame's message", () => {
  test.each(['{"action":"DONE"}', '{"action": "CANCEL", "more": 1}'])('%s closes the frame', (message) => {
    expect(asksToClose(message)).toBe(true);
  });

  test.each([
    [{ action: 'DONE' }],
    ['DONE'],
    ['{"action":"done"}'],
    ['{"action":'],
    ['null'],
    [undefined],
    [7],
  ])('%j does not', (message) => {
    expect(asksToClose(message)).toBe(false);
  });
});

describe('who made a change', () => {
  test.each([
    [{ kind: 'user', userId: '7', email: 'rep@example.com' }, 'rep@example.com'],
    [{ kind: 'user', userId: '7' }, '7'],
    [{ kind: 'accounting' }, 'accounting'],
    ['import', 'import'],
    [null, 'unknown'],
    [{ email: 7 }, 'unknown'],
  ])('%j is shown as %s', (actor, name) => {
    expect(nameOfActor(actor)).toBe(name);
  });
});

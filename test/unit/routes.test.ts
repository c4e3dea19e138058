import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type Route, routes } from '../../functions/routes.ts';
import { matchRoute } from '../../local/gateway/match-route.ts';

const all: readonly Route[] = routes;

describe('the route table', () => {
  test('has each method of a path once, whatever its variables are called', () => {
    const keys = all.map(({ method, path }) => `${method} ${path.replace(/\{\w+/g, '{')}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('names functions that have a file of their own', () => {
    const files = readdirSync(new URL('../../functions/handlers', import.meta.url));
    for (const route of all) expect(files).toContain(`${route.function}.ts`);
  });

  test('gives each prefix one kind of caller, and each function one too', () => {
    const prefixes = { hubspot: '/hubspot/', frame: '/pages/', accounting: '/v1/' };
    for (const { path, caller } of all) expect(path.startsWith(prefixes[caller])).toBe(true);
    const callers = Map.groupBy(all, (route) => route.function);
    for (const group of callers.values()) expect(new Set(group.map(({ caller }) => caller)).size).toBe(1);
  });

  test('has a sentence on every route', () => {
    for (const { summary } of all) expect(summary).toMatch(/^[A-Z].{10,}\.$/);
  });
});

describe('a request is taken by', () => {
  const keyOf = (method: string, path: string): string | undefined => {
    const match = matchRoute(method, path);
    return match && `${match.route.method} ${match.route.path}`;
  };

  test.each(all.filter(({ method }) => method !== 'ANY').map(({ method, path }) => `${method} ${path}`))(
    'its own route: %s',
    (key) => {
      const [method = '', path = ''] = key.split(' ');
      expect(keyOf(method, path.replace(/\{\w+\}/g, 'A-1'))).toBe(key);
    },
  );

  test('the fixed path before the one with a variable, and by that for another method', () => {
    expect(keyOf('POST', '/v1/invoices/batch')).toBe('POST /v1/invoices/batch');
    expect(keyOf('PUT', '/v1/invoices/batch')).toBe('PUT /v1/invoices/{invoiceId}');
  });

  test('the greedy route where no other does, and by none outside of it', () => {
    expect(keyOf('PATCH', '/v1/invoices/A')).toBe('ANY /v1/{proxy+}');
    expect(matchRoute('GET', '/v1/a/b\nc')?.pathParameters).toEqual({ proxy: 'a/b\nc' });
    expect([
      keyOf('GET', '/v1'),
      keyOf('GET', '/v1/'),
      keyOf('GET', '/'),
      keyOf('POST', '/hubspot/card'),
    ]).toEqual(Array(4).fill(undefined));
  });

  test('its path as a whole: nothing before, behind or instead of a dot', () => {
    expect([
      keyOf('GET', '/x/hubspot/card'),
      keyOf('GET', '/hubspot/card/'),
      keyOf('GET', '/hubspot/cards'),
    ]).toEqual(Array(3).fill(undefined));
    expect(matchRoute('GET', '/v1/invoices/a.b~c')?.pathParameters).toEqual({ invoiceId: 'a.b~c' });
  });
});

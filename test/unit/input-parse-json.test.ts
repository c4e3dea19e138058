import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MalformedJsonError, parseJson } from '../../functions/input/parse-json.ts';

test('JSON is read as it stands', () => {
  expect(parseJson('{"a":[1,"x",null,{"proto":true}]}')).toEqual({ a: [1, 'x', null, { proto: true }] });
});

test.each(['', '{', '{a:1}', "{'a':1}", '[1,]', 'NaN', 'undefined', '\ufeff{}', '{"a":01}', '"\n"'])(
  '%j is no JSON',
  (text) => {
    expect(() => parseJson(text)).toThrow('The body is not JSON.');
  },
);

test('a key __proto__ is refused at any depth, however it is spelt, and changes no object', () => {
  for (const text of ['{"__proto__":{"polluted":1}}', '[{"a":{"__proto__":1}}]', '{"_\\u005fproto__":[]}']) {
    expect(() => parseJson(text)).toThrow('The field __proto__ is not allowed.');
  }
  expect({}).not.toHaveProperty('polluted');
});

test.each([
  ['{"amount":"1.00","amount":"500.00"}', 'amount'],
  ['{"amount":"1.00","amount":"1.00"}', 'amount'],
  ['{"amount":1,"am\\u006funt":2}', 'amount'],
  ['{"":1,"":2}', ''],
  ['{"a\\"}":1,"b":[{}],"a\\"}":2}', 'a"}'],
  ['{"lines":[{"quantity":"1"},{"quantity":"1","x":[1,{"y":0}],"quantity":"2"}]}', 'lines[1].quantity'],
  ['[[],[{"a":{"b":[],"b":1}}]]', '[1][0].a.b'],
  ['{"customer":{"name":"Anna"},"customer":null}', 'customer'],
])('a field that stands in its object twice is refused by name: %s', (text, field) => {
  expect(() => parseJson(text)).toThrow(new MalformedJsonError('is there twice', field));
});

test('a field’s name is repeated in part where it is endless', () => {
  const name = 'x'.repeat(1_000);
  expect(() => parseJson(`{"${name}":1,"${name}":2}`)).toThrow(
    `The field ${'x'.repeat(80)}… is there twice.`,
  );
});

test('the same field of two objects, and the same text as key and value, are no repetition', () => {
  const text = '{"a":"a","b":{"a":["a","a",{"a":"b"}]},"c":[{"a":1},{"a":2}],"d":"{\\"d\\":1}, \\"d\\":2"}';
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test('any JSON of objects whose fields differ is read as JSON.parse reads it', () => {
  const noPrototype = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
  fc.assert(
    fc.property(noPrototype, fc.constantFrom(0, 1), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('the value "__proto__" is only a text', () => {
  expect(parseJson('{"name":"__proto__"}')).toEqual({ name: '__proto__' });
});

test('a body nested beyond any sense is refused, not a crash', () => {
  const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '}]'.repeat(depth / 2);
  expect(() => parseJson(nested(100).replace(':}', ':1}'))).not.toThrow();
  for (const text of [nested(102).replace(':}', ':1}'), '['.repeat(500_000) + ']'.repeat(500_000)]) {
    expect(() => parseJson(text)).toThrow('The body is nested deeper than 100 levels.');
  }
});

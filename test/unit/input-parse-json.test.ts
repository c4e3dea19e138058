import { expect, test } from '@jest/globals';
import { MalformedJsonError, parseJson } from '../../functions/input/parse-json.ts';

test('JSON is read as it stands', () => {
  expect(parseJson('{"a":[1,"x",null,{"proto":true}]}')).toEqual({ a: [1, 'x', null, { proto: true }] });
});

test.each(['', '{', '{a:1}', "{'a':1}", '[1,]', 'NaN', 'undefined', '\ufeff{}', '{"a":01}', '"\n"'])(
  '%j is no JSON',
  (text) => {
    expect(() => parseJson(text)).toThrow(new MalformedJsonError('The body is not JSON.'));
  },
);

test('a key __proto__ is refused at any depth, however it is spelt, and changes no object', () => {
  for (const text of ['{"__proto__":{"polluted":1}}', '[{"a":{"__proto__":1}}]', '{"_\\u005fproto__":[]}']) {
    expect(() => parseJson(text)).toThrow(new MalformedJsonError('The field __proto__ is not allowed.'));
  }
  expect({}).not.toHaveProperty('polluted');
});

test('the value "__proto__" is only a text', () => {
  expect(parseJson('{"name":"__proto__"}')).toEqual({ name: '__proto__' });
});

test('a body nested beyond any sense is refused, not a crash', () => {
  expect(() => parseJson('['.repeat(500_000) + ']'.repeat(500_000))).toThrow(MalformedJsonError);
});

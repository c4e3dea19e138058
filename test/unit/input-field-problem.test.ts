import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { fieldName, fieldProblems, describe as inWords } from '../../functions/input/field-problem.ts';

const schema = z.strictObject(
  { items: z.array(z.strictObject({ name: z.string('a text') }, 'an item')) },
  'an object',
);
const problemsOf = (input: unknown) => fieldProblems(schema.safeParse(input).error?.issues ?? [], input);

describe('Problems of fields', () => {
  test('name the field, what stands there and what was expected', () => {
    expect(problemsOf({ items: [{ name: 'a' }, { name: 7 }, {}] })).toEqual([
      { field: 'items[1].name', problem: 'is the number 7', expected: 'a text' },
      { field: 'items[2].name', problem: 'is missing', expected: 'a text' },
    ]);
  });

  test('name each unknown field', () => {
    expect(problemsOf({ items: [], a: 1, b: 2 }).map(({ field }) => field)).toEqual(['a', 'b']);
  });

  test('stay an answer of bounded size, however much is wrong', () => {
    const fields = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`f${i}`, 1]));
    const items = Array.from({ length: 5_000 }, () => ({ name: 'x'.repeat(10), more: 1 }));
    const problems = problemsOf({ items, ...fields, ['n'.repeat(1_000_000)]: 1 });
    expect(problems).toHaveLength(100);
    expect(problemsOf({ items: [], ['n'.repeat(1_000_000)]: 1 })[0]?.field).toBe(`${'n'.repeat(80)}…`);
  });

  test('of the whole input have no field name', () => {
    expect(problemsOf(null)).toEqual([{ field: '', problem: 'is null', expected: 'an object' }]);
    expect(fieldName([])).toBe('');
  });
});

test.each<[unknown, string]>([
  [undefined, 'is missing'],
  [null, 'is null'],
  [[1, 2], 'is a list of 2'],
  [{}, 'is an object'],
  [false, 'is the boolean false'],
  ['1e3', 'is "1e3"'],
  ['"\n', 'is "\\"\\n"'],
  ['x'.repeat(41), `is "${'x'.repeat(40)}" … (41 characters)`],
])('%j in words', (value, words) => {
  expect(inWords(value)).toBe(words);
});

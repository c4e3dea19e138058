import * as z from 'zod/mini';

/** The fields of an object that could be read. One that wasn't sent is there as its schema has it then; one that can't be read is not there. */
export type ReadableFields<Shape extends z.core.$ZodShape> = {
  [Name in keyof Shape]?: z.core.output<Shape[Name]>;
};

/** Reads each field of an object by itself, so that what fields say together can be checked although others of them are wrong. */
export function readableFields<Shape extends z.core.$ZodShape>(
  shape: Shape,
  input: unknown,
): ReadableFields<Shape> {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return {};
  const read = Object.entries(shape).flatMap(([name, schema]) => {
    const parsed = z.safeParse(schema, Object.hasOwn(input, name) ? Reflect.get(input, name) : undefined);
    return parsed.success ? [[name, parsed.data]] : [];
  });
  return Object.fromEntries(read);
}

/** As {@link readableFields}, for each object of a list in a field of the input; undefined where there is no list. */
export function readableList<Shape extends z.core.$ZodShape>(
  shape: Shape,
  input: unknown,
  field: string,
): ReadableFields<Shape>[] | undefined {
  if (input === null || typeof input !== 'object' || !Object.hasOwn(input, field)) return undefined;
  const list: unknown = Reflect.get(input, field);
  return Array.isArray(list) ? list.map((item) => readableFields(shape, item)) : undefined;
}

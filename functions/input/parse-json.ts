/** The text is no JSON, or holds a key that no schema may see. The message is fit for the sender. */
export class MalformedJsonError extends Error {
  override name = 'MalformedJsonError';
}

/**
 * Parses JSON from outside. A key `__proto__` is refused by name: objects made from it later would take another prototype.
 * Throws {@link MalformedJsonError}.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (key, value) => {
      if (key === '__proto__') throw new MalformedJsonError('The field __proto__ is not allowed.');
      return value;
    });
  } catch (error) {
    if (error instanceof MalformedJsonError) throw error;
    throw new MalformedJsonError('The body is not JSON.');
  }
}

import { fieldName, shortened } from './field-problem.ts';

/** The text is no JSON, or holds what no schema may see. The message is fit for the sender. */
export class MalformedJsonError extends Error {
  override name = 'MalformedJsonError';
  /** What is wrong, in words that follow the name of the field, or of the whole text: `is nested deeper than 100 levels`. */
  readonly problem: string;
  /** The field that may not be there, or not twice; undefined where something else is wrong. */
  readonly field: string | undefined;

  constructor(problem: string, field?: string) {
    super(`${field === undefined ? 'The body' : `The field ${field}`} ${problem}.`);
    this.problem = problem;
    this.field = field;
  }
}

/**
 * Parses JSON from outside. Refused by name are a field that stands in its object twice, since `JSON.parse` would take the last and it is a
 * guess which of them is meant, and a key `__proto__`: objects made from it later would take another prototype. So is what is nested deeper
 * than anything here: whoever walks it later would run out of stack. Throws {@link MalformedJsonError}.
 */
export function parseJson(text: string): unknown {
  const value = parsed(text);
  holdToRules(text);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedJsonError('is not JSON');
  }
}

/** An object or a list that is open where the text is read. `step` leads to what stands there: the newest key, or the index. */
type Open = { keys: Set<string>; step: string } | { keys: undefined; step: number };

const DEEPEST = 100;

/** What gives JSON its structure; everything between is a number, a literal or white space. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/** Looks at every key and every depth of a text that is known to be JSON. */
function holdToRules(text: string): void {
  const open: Open[] = [];
  let isKey = false;
  for (const [token] of text.matchAll(TOKENS)) {
    const innermost = open.at(-1);
    if (open.length > DEEPEST) throw new MalformedJsonError(`is nested deeper than ${DEEPEST} levels`);
    switch (token) {
      case '{':
        open.push({ keys: new Set(), step: '' });
        isKey = true;
        break;
      case '[':
        open.push({ keys: undefined, step: 0 });
        isKey = false;
        break;
      case '}':
      case ']':
        open.pop();
        isKey = false;
        break;
      case ',':
        isKey = innermost?.keys !== undefined;
        if (innermost && !innermost.keys) innermost.step += 1;
        break;
      default:
        if (isKey && innermost?.keys) {
          innermost.step = textOf(token);
          holdToKey(innermost.step, innermost.keys, open);
        }
        isKey = false;
    }
  }
}

/** Most keys are as they are written. */
const textOf = (token: string): string =>
  token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);

function holdToKey(key: string, keys: Set<string>, open: readonly Open[]): void {
  if (key === '__proto__') throw new MalformedJsonError('is not allowed', key);
  if (keys.has(key)) {
    const field = shortened(fieldName(open.map(({ step }) => step)));
    throw new MalformedJsonError('is there twice', field);
  }
  keys.add(key);
}

import { LONGEST_EXTERNAL_ID } from '../input/text.ts';
import { BLANK_LINE, type LineFields } from './invoice-fields.ts';

/** What a button of the form asks for besides saving. Without the script each is a submit of its own. */
export type LineEdit =
  | { kind: 'add-line' }
  | { kind: 'line-up' | 'line-down' | 'line-remove'; line: number }
  | { kind: 'drop-product'; line: number }
  | { kind: 'find-product'; line: number }
  | { kind: 'take-product'; line: number; externalId: string };

/** Counts as the ids' own schema does, in code points. */
const LINE_BUTTON = new RegExp(
  `^(line-up|line-down|line-remove|find-product|drop-product|take-product):(\\d{1,3})(?::(.{1,${LONGEST_EXTERNAL_ID}}))?$`,
  'su',
);

/** Reads a button's value, such as `line-up:2`; undefined where it is none of these. */
export function lineEditOf(pressed: string): LineEdit | undefined {
  if (pressed === 'add-line') return { kind: 'add-line' };
  const [, kind, line, externalId] = LINE_BUTTON.exec(pressed) ?? [];
  switch (kind) {
    case 'line-up':
    case 'line-down':
    case 'line-remove':
    case 'find-product':
    case 'drop-product':
      return { kind, line: Number(line) };
    case 'take-product':
      return externalId === undefined ? undefined : { kind, line: Number(line), externalId };
    default:
      return undefined;
  }
}

/** The lines after a line was added, moved or removed, or a line's product was. A line that isn't there changes nothing, and the last one removed leaves a blank. */
export function editedLines(lines: readonly LineFields[], edit: LineEdit): LineFields[] {
  switch (edit.kind) {
    case 'add-line':
      return [...lines, { ...BLANK_LINE, taxRate: lines.at(-1)?.taxRate ?? '' }];
    case 'line-up':
      return swapped(lines, edit.line - 1);
    case 'line-down':
      return swapped(lines, edit.line);
    case 'line-remove': {
      const left = lines.filter((_line, index) => index !== edit.line);
      return left.length > 0 ? left : [BLANK_LINE];
    }
    case 'drop-product':
      return lines.map((line, index) => (index === edit.line ? { ...line, productExternalId: '' } : line));
    default:
      return [...lines];
  }
}

/** With the line at `upper` and the one below it in each other's place. */
function swapped(lines: readonly LineFields[], upper: number): LineFields[] {
  const [above, below] = [lines[upper], lines[upper + 1]];
  if (!above || !below) return [...lines];
  return lines.with(upper, below).with(upper + 1, above);
}

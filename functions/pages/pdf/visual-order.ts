/** A part of a line that runs in one direction. Its text is in reading order; a right-to-left part is set from its right end. */
export interface DirectionalRun {
  text: string;
  rightToLeft: boolean;
}

const RTL_LETTER =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}]/u;

/** Whether the text has a letter of a script that is written from right to left. */
export const hasRightToLeftLetter = (text: string): boolean => RTL_LETTER.test(text);

/** Numbers with their separators and signs, letters with their accents, and what lies between them. */
const TOKEN = /[-+]?\p{Nd}+(?:[.,:/-]\p{Nd}+)*%?|\p{L}\p{M}*|[^\p{Nd}\p{L}]/gu;

const MIRRORED: Readonly<Record<string, string>> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '{': '}',
  '}': '{',
  '<': '>',
  '>': '<',
  '«': '»',
  '»': '«',
};

/** Whether a paragraph reads from right to left: its first letter decides (UAX #9, rules P2 and P3). */
export function readsRightToLeft(paragraph: string): boolean {
  const firstLetter = /\p{L}/u.exec(paragraph)?.[0];
  return firstLetter !== undefined && hasRightToLeftLetter(firstLetter);
}

/**
 * Puts a line's parts in the order they stand on paper, left to right. It follows the Unicode Bidirectional Algorithm (UAX #9) for
 * letters, numbers and what lies between them; embedded and isolated directions, which need invisible characters, it doesn't know.
 */
export function visualOrder(line: string, paragraphRightToLeft: boolean): DirectionalRun[] {
  if (!paragraphRightToLeft && !hasRightToLeftLetter(line)) return [{ text: line, rightToLeft: false }];
  const runs = levelRuns(line, paragraphRightToLeft ? 1 : 0);
  return reorder(runs).map(({ text, level }) => {
    const rightToLeft = level === 1;
    return { text: rightToLeft ? mirror(text) : text, rightToLeft };
  });
}

/** 0 and 2 run left to right, 1 right to left; a higher level lies within a lower one. */
type Level = 0 | 1 | 2;
type Kind = 'left' | 'right' | 'number' | 'neutral';

interface LevelRun {
  text: string;
  level: Level;
}

function levelRuns(line: string, base: 0 | 1): LevelRun[] {
  const tokens = (line.match(TOKEN) ?? []).map((text) => ({ text, kind: kindOf(text) }));
  const sides = sidesOf(
    tokens.map(({ kind }) => kind),
    base,
  );
  const runs: LevelRun[] = [];
  for (const [index, { text, kind }] of tokens.entries()) {
    const level = levelOf(kind, sides[index] ?? 'left', base);
    const last = runs.at(-1);
    if (last?.level === level) last.text += text;
    else runs.push({ text, level });
  }
  return runs;
}

function kindOf(token: string): Kind {
  if (/\p{Nd}/u.test(token)) return 'number';
  if (hasRightToLeftLetter(token)) return 'right';
  return /\p{L}/u.test(token) ? 'left' : 'neutral';
}

type Side = 'left' | 'right';

/**
 * The direction each token takes part in. A number goes with the letters before it (rule W7); what lies between two of one direction
 * takes theirs, anything else the paragraph's (rules N1 and N2).
 */
function sidesOf(kinds: readonly Kind[], base: 0 | 1): Side[] {
  const paragraph: Side = base === 1 ? 'right' : 'left';
  let before = paragraph;
  const strong = kinds.map((kind): Side | undefined => {
    if (kind === 'neutral') return undefined;
    if (kind !== 'number') before = kind;
    return before;
  });
  let after = paragraph;
  const following = strong.map(() => paragraph);
  for (let index = strong.length - 1; index >= 0; index--) {
    following[index] = after;
    after = strong[index] ?? after;
  }
  let preceding = paragraph;
  return strong.map((side, index) => {
    if (side === undefined) return preceding === following[index] ? preceding : paragraph;
    preceding = side;
    return side;
  });
}

function levelOf(kind: Kind, side: Side, base: 0 | 1): Level {
  if (side === 'right') return kind === 'number' ? 2 : 1;
  return base === 0 ? 0 : 2;
}

/** Reverses whatever lies at a level or above, from the highest down to 1 (rule L2). */
function reorder(runs: readonly LevelRun[]): LevelRun[] {
  let ordered = [...runs];
  for (const level of [2, 1]) {
    const next: LevelRun[] = [];
    let reversed: LevelRun[] = [];
    for (const run of ordered) {
      if (run.level >= level) reversed = [run, ...reversed];
      else {
        next.push(...reversed, run);
        reversed = [];
      }
    }
    ordered = [...next, ...reversed];
  }
  return ordered;
}

const mirror = (text: string): string =>
  text.replace(/[()[\]{}<>«»]/g, (character) => MIRRORED[character] ?? character);

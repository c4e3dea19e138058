/** What stands for the year and, by its zeros, for the sequence with at least as many digits. */
const PARTS = /^([^{}]*)\{year\}([^{}]*)\{(0{1,12})\}([^{}]*)$/;

export const NUMBER_PATTERN_RULE =
  'a text with {year} and then {0000} (as many zeros as digits at least), such as HS-{year}-{0000}; numbers of at most 64 characters';

/** Whether numbers can be made from the pattern: they start anew each year, so the year must be in them. */
export const isNumberPattern = (pattern: string): boolean =>
  PARTS.test(pattern) && !/\p{Cc}/u.test(pattern) && pattern.length <= 48;

/** The number of the `sequence`th invoice issued in a year: `HS-{year}-{0000}`, 2026 and 7 make HS-2026-0007. */
export const invoiceNumber = (pattern: string, year: string, sequence: number): string =>
  pattern.replace(PARTS, (_whole, start: string, middle: string, zeros: string, end: string) =>
    [start, year, middle, String(sequence).padStart(zeros.length, '0'), end].join(''),
  );

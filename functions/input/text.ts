import * as z from 'zod/mini';

// C0, DEL and C1: they print nowhere and break sort keys and logs.
const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_LINE_BREAKS = /[^\P{Cc}\n\r\t]/u;

/** How many characters an id of the accounting system may have, whatever it is of. */
export const LONGEST_EXTERNAL_ID = 128;

/** A line of text: 1 to `max` characters, not only blanks, no control characters, well-formed Unicode. */
export function line(max: number) {
  const expected = `a text of 1 to ${max} characters without control characters`;
  return z.string(expected).check(z.refine((text) => isText(text, max) && !CONTROL.test(text), expected));
}

/** A text that may have line breaks and tabs: 1 to `max` characters, otherwise as {@link line}. */
export function paragraph(max: number) {
  const expected = `a text of 1 to ${max} characters`;
  return z
    .string(expected)
    .check(z.refine((text) => isText(text, max) && !CONTROL_BUT_LINE_BREAKS.test(text), expected));
}

const isText = (text: string, max: number): boolean =>
  text.length <= max * 2 && [...text].length <= max && text.trim() !== '' && text.isWellFormed();

const EMAIL = /^[^\s@<>"(),:;\\[\]]{1,64}@[^\s@<>"(),:;\\[\]]+\.[^\s@<>"(),:;\\[\].]+$/;

/** An e-mail address, at most 254 characters (RFC 5321). Its shape is checked, not whether it exists. */
export function emailAddress() {
  const expected = 'an e-mail address such as anna@example.com';
  return z
    .string(expected)
    .check(
      z.refine(
        (text) => text.length <= 254 && text.isWellFormed() && !CONTROL.test(text) && EMAIL.test(text),
        expected,
      ),
    );
}

/** An absolute https URL without credentials, at most 2,048 characters. */
export function httpsUrl() {
  const expected = 'an https:// URL of at most 2,048 characters';
  return z.string(expected).check(z.refine(isHttpsUrl, expected));
}

function isHttpsUrl(text: string): boolean {
  if (text.length > 2048 || !/^https:\/\/[^\s]+$/i.test(text) || CONTROL.test(text) || !text.isWellFormed())
    return false;
  try {
    const url = new URL(text);
    return url.protocol === 'https:' && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}

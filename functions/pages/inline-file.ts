/** What many file systems refuse in a name, and what can't be seen in one. */
const NOT_IN_A_NAME = /[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu;
const NOT_PLAIN = /[^\w.-]+/g;

/**
 * The Content-Disposition of a file that is shown and can be saved (RFC 6266). Letters beyond ASCII stand in `filename*` (RFC 8187), which every
 * browser prefers; what reads only the other gets what is left of the name, and `instead` where nothing is.
 */
export function inlineFile(title: string, extension: string, instead: string): string {
  const name = title.toWellFormed().replace(NOT_IN_A_NAME, '-').trim() || instead;
  const plain = name.replace(NOT_PLAIN, '-').replace(/^-+|-+$/g, '') || instead;
  const whole = `inline; filename="${plain}.${extension}"`;
  return plain === name ? whole : `${whole}; filename*=UTF-8''${encoded(`${name}.${extension}`)}`;
}

/** RFC 8187 leaves fewer characters as they are than a URL's component does. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

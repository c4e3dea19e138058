/**
 * A text that sorts, byte by byte, as a person sorts invoice numbers: runs of digits by their value ("INV-9" before
 * "INV-10"), everything else as it stands. Each run is led by its length without leading zeros, in two digits.
 */
export const naturalOrderKey = (text: string): string =>
  text.replace(/\d+/g, (run) => {
    const value = run.replace(/^0+(?=\d)/, '');
    return `${String(value.length).padStart(2, '0')}${value}`;
  });

/** A text of digits and punctuation that sorts the other way round: for fixed-length dates, newest first. */
export const descending = (date: string): string => date.replace(/\d/g, (digit) => String(9 - Number(digit)));

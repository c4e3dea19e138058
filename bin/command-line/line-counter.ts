const LINE_FEED = 0x0a;

/** Tells on which line of a file a place is, while the file passes by. What lies before the last place asked for is forgotten. */
export class LineCounter {
  #bytes = 0;
  #line = 1;
  /** Where line breaks are, ahead of the last place asked for. */
  #ahead: number[] = [];

  /** The file's next piece. */
  add(chunk: Buffer): void {
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) {
      this.#ahead.push(this.#bytes + at);
    }
    this.#bytes += chunk.length;
  }

  /** The line, from 1, that this byte is on; not before the last place asked for. */
  lineAt(byte: number): number {
    return this.#line + this.#ahead.filter((lineBreak) => lineBreak < byte).length;
  }

  /** The line, from 1, on which the cells begin that end at this byte, line break included. */
  lineOf(end: number, cells: readonly string[]): number {
    let passed = 0;
    while (passed < this.#ahead.length && (this.#ahead[passed] ?? 0) < end) passed += 1;
    const endsWithBreak = this.#ahead[passed - 1] === end - 1;
    this.#line += passed;
    this.#ahead = this.#ahead.slice(passed);
    const within = cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0);
    return this.#line - (endsWithBreak ? 1 : 0) - within;
  }
}

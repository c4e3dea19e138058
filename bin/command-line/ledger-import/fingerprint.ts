import { createHash } from 'node:crypto';

/**
 * The SHA-256 of a file up to a place, taken while the file passes by: whoever goes on there later can see that what was imported is
 * still what stands there. Keeps the pieces between the last place asked for and the newest.
 */
export class Fingerprint {
  readonly #hash = createHash('sha256');
  #hashed = 0;
  #ahead: Buffer[] = [];

  /** The file's next piece. */
  add(chunk: Buffer): void {
    this.#ahead.push(chunk);
  }

  /** The fingerprint up to this byte, in hex; places are asked for in ascending order. */
  upTo(end: number): string {
    while (this.#hashed < end) {
      const piece = this.#ahead.shift();
      if (!piece) break;
      const wanted = Math.min(piece.length, end - this.#hashed);
      this.#hash.update(piece.subarray(0, wanted));
      this.#hashed += wanted;
      if (wanted < piece.length) this.#ahead.unshift(piece.subarray(wanted));
    }
    return this.#hash.copy().digest('hex');
  }
}

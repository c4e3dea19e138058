import { type FileHandle, open, rm } from 'node:fs/promises';

/** A line of the file that the ledger did not take, and why. */
export interface RejectedLine {
  line: number;
  invoiceId: string | undefined;
  problem: string;
  /** The invoice as it was sent, or the beginning of what could not be read. */
  sent: unknown;
}

/** The list of refused lines, as JSON Lines. Made only when there is one. */
export class RejectedFile {
  readonly path: string;
  bytes: number;
  #file: FileHandle | undefined;

  /** `bytes` is how long the list was at the resume point; what was written after it is written again. */
  constructor(path: string, bytes: number) {
    this.path = path;
    this.bytes = bytes;
  }

  /** Takes away the list of an earlier import of the file from its start. */
  async begin(): Promise<void> {
    if (this.bytes === 0) await rm(this.path, { force: true });
  }

  async add(lines: readonly RejectedLine[]): Promise<void> {
    if (lines.length === 0) return;
    const file = await this.#opened();
    const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await file.write(text, 0, text.length, this.bytes);
    this.bytes += text.length;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #opened(): Promise<FileHandle> {
    if (!this.#file) {
      this.#file = await open(this.path, this.bytes === 0 ? 'w' : 'r+');
      await this.#file.truncate(this.bytes);
    }
    return this.#file;
  }
}

import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** So many files for each list: of a million entries one holds about eight thousand. */
export const PARTITIONS = 128;

/** How long each file of a list was at some point, by its number. */
export type Sizes = number[];

/**
 * A list of entries on disk, cut into parts by a value: entries with the same value lie in the same part. So two lists of any length can be
 * held against each other a part at a time.
 */
export class PartitionedList<Entry extends { value: string }> {
  readonly #directory: string;
  readonly #name: string;
  readonly #sizes: Sizes;
  #waiting: string[][] = emptyParts();

  /** `sizes` are those of a resume point: what was written after it is cut off by {@link begin}. */
  constructor(directory: string, name: string, sizes: Sizes = []) {
    this.#directory = directory;
    this.#name = name;
    this.#sizes = Array.from({ length: PARTITIONS }, (_, part) => sizes[part] ?? 0);
  }

  async begin(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    for (const [part, size] of this.#sizes.entries()) {
      if (size === 0) await writeFile(this.#path(part), '');
      else await truncate(this.#path(part), size);
    }
  }

  add(entry: Entry): void {
    this.#waiting[partOf(entry.value)]?.push(`${JSON.stringify(entry)}\n`);
  }

  /** Writes what was added since; answers how long the files are now. */
  async flush(): Promise<Sizes> {
    const waiting = this.#waiting;
    this.#waiting = emptyParts();
    for (const [part, lines] of waiting.entries()) {
      if (lines.length === 0) continue;
      const text = lines.join('');
      await appendFile(this.#path(part), text);
      this.#sizes[part] = (this.#sizes[part] ?? 0) + Buffer.byteLength(text);
    }
    return [...this.#sizes];
  }

  /** One part, as far as it was flushed. */
  async read(part: number): Promise<Entry[]> {
    const text = await readFile(this.#path(part), 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry);
  }

  /** Takes the files away. */
  async remove(): Promise<void> {
    for (const part of this.#sizes.keys()) await rm(this.#path(part), { force: true });
  }

  #path(part: number): string {
    return join(this.#directory, `${this.#name}.${part}.jsonl`);
  }
}

const emptyParts = (): string[][] => Array.from({ length: PARTITIONS }, () => []);

const partOf = (value: string): number => (createHash('sha256').update(value).digest()[0] ?? 0) % PARTITIONS;

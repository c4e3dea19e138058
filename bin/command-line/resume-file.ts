import { open, readFile, rename, rm } from 'node:fs/promises';
import * as z from 'zod/mini';
import { ToolFailure } from './run-tool.ts';

/** What a tool left off at, kept in a file beside its work. */
export interface ResumeFile<T> {
  path: string;
  /** Undefined where there is none. Throws a ToolFailure where what is there was not written by this tool. */
  read(): Promise<T | undefined>;
  /** Replaces the whole file at once: a crash leaves the old point or the new one, never half of one. */
  write(point: T): Promise<void>;
  remove(): Promise<void>;
}

/** A resume point at this path, in the shape of a schema. */
export const resumeFile = <T>(path: string, schema: z.core.$ZodType<T, unknown>): ResumeFile<T> => ({
  path,
  async read() {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
    const point = z.safeParse(schema, parsed(text));
    if (!point.success) {
      throw new ToolFailure(
        `${path} is not a resume point of this tool. Move it away, or pass --from-start to begin anew.`,
      );
    }
    return point.data;
  },
  async write(point) {
    const unfinished = `${path}.${process.pid}.tmp`;
    const file = await open(unfinished, 'w');
    try {
      await file.writeFile(`${JSON.stringify(point)}\n`);
      // Without this, a power cut may keep the new name and lose the content.
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  },
  remove: () => rm(path, { force: true }),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isNotFound = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

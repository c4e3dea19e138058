import type { LineFields } from '../invoice-fields.ts';

/** A line's control, by what it holds. */
export const lineControl = (
  line: Element | null | undefined,
  part: keyof LineFields,
): HTMLInputElement | HTMLTextAreaElement | null => line?.querySelector(`[name$=".${part}"]`) ?? null;

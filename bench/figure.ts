/** One line of the bench: what was measured, and the bound it is held to, if there is one. Nothing fails by it. */
export interface Figure {
  name: string;
  measured: string;
  bound?: string;
  /** Left out where there is no bound. */
  holds?: boolean;
}

/** A figure that should be at most this much. */
export const atMost = (name: string, value: number, bound: number, unit: string, digits = 2): Figure => ({
  name,
  measured: `${value.toFixed(digits)}${unit}`,
  bound: `at most ${bound}${unit}`,
  holds: value <= bound,
});

/** The figures of a section as aligned lines. */
export function figureLines(figures: readonly Figure[]): string[] {
  const width = (pick: (figure: Figure) => string): number =>
    Math.max(...figures.map((figure) => pick(figure).length));
  const [names, measured] = [width((figure) => figure.name), width((figure) => figure.measured)];
  return figures.map(({ name, measured: value, bound, holds }) => {
    const verdict = holds === undefined ? '' : `   ${bound}: ${holds ? 'holds' : 'EXCEEDED'}`;
    return `  ${name.padEnd(names)}   ${value.padStart(measured)}${verdict}`;
  });
}

import type { Fault, FaultRule } from './fault.ts';

interface ActiveRule {
  readonly id: string;
  readonly rule: FaultRule;
  /** Infinity for a rule that stays. */
  remaining: number;
  toSkip: number;
}

/** The faults that were asked for and are not used up; the oldest matching one is taken. */
export class FaultRules {
  #rules: ActiveRule[] = [];
  #lastId = 0;

  /** @returns the id by which the rule can be removed */
  add(rule: FaultRule): string {
    this.#lastId += 1;
    const id = String(this.#lastId);
    const remaining = rule.times === null ? Number.POSITIVE_INFINITY : (rule.times ?? 1);
    this.#rules.push({ id, rule, remaining, toSkip: rule.skip ?? 0 });
    return id;
  }

  remove(id: string): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((active) => active.id !== id);
    return this.#rules.length < before;
  }

  clear(): void {
    this.#rules = [];
  }

  /** What is still to come. `remaining` is null for a rule that stays. */
  pending(): { id: string; rule: FaultRule; remaining: number | null }[] {
    return this.#rules.map(({ id, rule, remaining }) => ({
      id,
      rule,
      remaining: Number.isFinite(remaining) ? remaining : null,
    }));
  }

  /** The fault for this call, which uses it up once. */
  take(portalId: string, method: string, path: string): Fault | undefined {
    for (const active of this.#rules) {
      const { rule } = active;
      if (rule.portalId !== undefined && rule.portalId !== portalId) continue;
      if (rule.method !== undefined && rule.method !== method) continue;
      if (rule.path !== undefined && !path.includes(rule.path)) continue;
      if (active.toSkip > 0) {
        active.toSkip -= 1;
        continue;
      }
      active.remaining -= 1;
      if (active.remaining <= 0) this.remove(active.id);
      return rule;
    }
    return undefined;
  }
}

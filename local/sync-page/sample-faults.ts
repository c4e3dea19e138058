import type { Fault, FaultRule } from '../hubspot/fault.ts';

/** A fault that the page offers. */
export type SampleFault = {
  /** On its button. */
  readonly label: string;
  readonly rule: FaultRule;
};

/** In the paths of all batch calls; apart from look-ups these are writes. */
const BATCH = '/batch/';

/** What can be laid on HubSpot's next calls at the press of a button. */
export const SAMPLE_FAULTS: Readonly<Record<string, SampleFault>> = {
  unavailable: {
    label: 'Next 3 calls: 503',
    rule: { kind: 'status', status: 503, times: 3 },
  },
  'lost-response': {
    label: 'Next batch: written, answer lost',
    rule: { kind: 'lost-response', path: BATCH },
  },
  throttled: {
    label: 'Next call: 429, come back in 5 s',
    rule: { kind: 'status', status: 429, retryAfter: 5 },
  },
  'half-failed': {
    label: 'Next batch: every second record fails',
    rule: { kind: 'row-errors', every: 2, path: BATCH },
  },
  slow: {
    label: 'Next 5 calls: 3 s slower',
    rule: { kind: 'slow', delayMs: 3_000, times: 5 },
  },
};

const seconds = (milliseconds: number): string => `${milliseconds / 1_000} s`;

/** What a fault does to a call, in words. */
export const faultInWords = (fault: Fault): string => {
  switch (fault.kind) {
    case 'status': {
      const retryAfter = fault.retryAfter === undefined ? '' : `, Retry-After ${fault.retryAfter}`;
      return `answered with ${fault.status}${retryAfter}${fault.applied ? ', though written' : ''}`;
    }
    case 'row-errors':
      return 'some records of the batch fail';
    case 'lost-request':
      return 'lost before anything was done';
    case 'lost-response':
      return 'written, and the answer lost';
    case 'slow':
      return `answered ${seconds(fault.delayMs)} later`;
    case 'late-write':
      return `written only ${seconds(fault.commitAfterMs)} later`;
  }
};

/** A rule that waits for its calls, in words. `remaining` is null for one that stays. */
export const pendingFaultInWords = (rule: FaultRule, remaining: number | null): string => {
  const calls = remaining === null ? 'Every call' : remaining === 1 ? 'The next call' : `${remaining} calls`;
  return `${calls}${rule.path === undefined ? '' : ` with ${rule.path} in its path`}: ${faultInWords(rule)}`;
};

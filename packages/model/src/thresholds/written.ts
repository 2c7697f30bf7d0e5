import { parseCondition, requireCounted, ThresholdProblem } from './parse.js';
import type { Condition, Threshold, ThresholdOperator, ThresholdSubject } from './threshold.js';

/** The whole run. */
const EVERYTHING: ThresholdSubject = { kind: 'requests' };

/** `SUBJECT: EXPRESSION`. The expression follows the last colon with a space after it. */
const WITH_SUBJECT = /^(.+):\s(.+)$/s;
const NAMED = /^(check|metric)\s+(.+)$/is;
const TAGGED = /^(user|phase|tag)\s+(.+)$/is;

/**
 * Parses a threshold as the command line takes it: `p99 < 300ms`, `POST /orders: p95 < 200ms`,
 * `user shopper: p99 < 1s`, `phase peak: dropped == 0`, `tag tier=gold: p95 < 1s`,
 * `check status is 200: passes > 99%` or `metric orders: count >= 1000`.
 * @throws ThresholdProblem
 */
export function parseWrittenThreshold(text: string): Threshold {
  const [, subject, expression] = WITH_SUBJECT.exec(text.trim()) ?? [];
  if (subject === undefined) return { ...parseCondition(text), subject: EVERYTHING };
  const parsed = parseSubject(subject.trim());
  const condition = parseCondition(expression!, parsed.kind);
  requireCounted(parsed, condition);
  return { ...condition, subject: parsed };
}

function parseSubject(text: string): ThresholdSubject {
  const [, kind, name] = NAMED.exec(text) ?? [];
  if (kind !== undefined) return { kind: kind.toLowerCase() as 'check' | 'metric', name: name! };
  const [, part, value] = TAGGED.exec(text) ?? [];
  if (part === undefined) return { kind: 'requests', request: text };
  switch (part.toLowerCase()) {
    case 'user':
      return { kind: 'requests', user: value! };
    case 'phase':
      return { kind: 'requests', tags: [['phase', value!]] };
    default: {
      const [, tag, tagValue] = /^([^=]+)=(.*)$/s.exec(value!) ?? [];
      if (tag === undefined) throw new ThresholdProblem(`'${text}' names no value`, 'write tag NAME=VALUE');
      return { kind: 'requests', tags: [[tag.trim(), tagValue!.trim()]] };
    }
  }
}

const OPPOSITES: Readonly<Record<ThresholdOperator, ThresholdOperator | undefined>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': undefined,
};

/**
 * Parses a condition that ends the run when it holds, such as `error rate > 10%`. It becomes the
 * opposite threshold, `error rate <= 10%`.
 * @throws ThresholdProblem
 */
export function parseAbortCondition(text: string): Threshold {
  const condition = parseWrittenThreshold(text);
  const opposite = OPPOSITES[condition.operator];
  if (opposite === undefined)
    throw new ThresholdProblem(`'${condition.expression}' has the operator ==`, 'write <, <=, > or >=');
  return {
    ...condition,
    operator: opposite,
    expression: withOperator(condition, opposite),
    abort: { afterMs: 0 },
  };
}

function withOperator({ expression, operator }: Condition, other: ThresholdOperator): string {
  return expression.replace(operator, other);
}

import {
  closest,
  messageOf,
  parseAbortCondition,
  parseCondition,
  parseDuration,
  parseWrittenThreshold,
  requireCounted,
  sortTags,
  ThresholdProblem,
  type PlanOverrides,
  type PlanProblem,
  type Threshold,
  type ThresholdSubject,
} from '@drumline/model';
import {
  ABORT_KEYS,
  CHECK_THRESHOLD_KEYS,
  METRIC_THRESHOLD_KEYS,
  REQUEST_FILTER_KEYS,
  REQUEST_THRESHOLD_KEYS,
} from '../authoring/option-keys.js';
import { findKeyProblems } from './key-problems.js';

/** The most thresholds of a run. Each is judged every second. */
const MAX_THRESHOLDS = 200;

/**
 * The thresholds of a scenario, then those of the command line. Adds every problem.
 * @param users names of the user types
 */
export function thresholdsOf(
  given: unknown,
  { thresholds: written = [], abortOn = [] }: Pick<PlanOverrides, 'thresholds' | 'abortOn'>,
  users: readonly string[],
  problems: PlanProblem[],
): Threshold[] {
  const reader = new ThresholdReader(users, problems);
  if (given !== undefined && !Array.isArray(given))
    problems.push({ where: 'thresholds', message: 'is not a list', hint: "thresholds: ['p99 < 300ms']" });
  const own = Array.isArray(given) ? given : [];
  const all = [
    ...own.map((one, index) => reader.read(one, `thresholds[${index}]`)),
    ...written.map((text) => reader.parse('--threshold', () => parseWrittenThreshold(text))),
    ...abortOn.map((text) => reader.parse('--abort-on', () => parseAbortCondition(text))),
  ].filter((threshold) => threshold !== undefined);
  if (all.length > MAX_THRESHOLDS)
    problems.push({
      where: 'thresholds',
      message: `there are ${all.length}, and at most ${MAX_THRESHOLDS} are possible`,
    });
  return all;
}

class ThresholdReader {
  constructor(
    private readonly users: readonly string[],
    private readonly problems: PlanProblem[],
  ) {}

  /** Parses text. Returns undefined and adds the problem if it is invalid. */
  parse(where: string, parse: () => Threshold): Threshold | undefined {
    const threshold = this.attempt(where, parse);
    if (threshold) this.checkUser(threshold.subject, where);
    return threshold;
  }

  /** Reads a threshold of the scenario, which may be of any type. */
  read(given: unknown, where: string): Threshold | undefined {
    if (typeof given === 'string')
      return this.parse(where, () => ({ ...parseCondition(given), subject: { kind: 'requests' } }));
    if (typeof given !== 'object' || given === null) {
      this.add(where, 'is not a threshold', "'p99 < 300ms', or { of: 'GET /', is: 'p99 < 300ms' }");
      return undefined;
    }
    const spec = given as Readonly<Record<string, unknown>>;
    const before = this.problems.length;
    const subject = this.subjectOf(spec, where);
    const abort = this.abortOf(spec['abort'], `${where}.abort`);
    if (typeof spec['is'] !== 'string') {
      this.add(`${where}.is`, 'there is no condition', "is: 'p99 < 300ms'");
      return undefined;
    }
    const expression = spec['is'];
    const condition = this.attempt(`${where}.is`, () => {
      const parsed = parseCondition(expression, subject.kind);
      requireCounted(subject, parsed);
      return parsed;
    });
    if (!condition || this.problems.length > before) return undefined;
    return { ...condition, subject, ...(abort && { abort }) };
  }

  private attempt<T>(where: string, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ThresholdProblem)) throw error;
      this.add(where, error.message, error.hint);
      return undefined;
    }
  }

  private subjectOf(spec: Readonly<Record<string, unknown>>, where: string): ThresholdSubject {
    const kinds = (['of', 'check', 'metric'] as const).filter((key) => spec[key] !== undefined);
    if (kinds.length > 1) this.add(where, `has both ${kinds.join(' and ')}`, 'use one of them');
    const [kind = 'of'] = kinds;
    if (kind === 'of') {
      this.keys(spec, REQUEST_THRESHOLD_KEYS, where);
      return this.requestsOf(spec['of'], `${where}.of`);
    }
    this.keys(spec, kind === 'check' ? CHECK_THRESHOLD_KEYS : METRIC_THRESHOLD_KEYS, where);
    const name = spec[kind];
    if (typeof name !== 'string' || name === '') this.add(`${where}.${kind}`, 'is not a name');
    return { kind, name: String(name), ...this.tagsOf(spec['tags'], spec['phase'], where) };
  }

  private requestsOf(of: unknown, where: string): ThresholdSubject {
    if (of === undefined) return { kind: 'requests' };
    if (typeof of === 'string') {
      if (of.trim() === '') this.add(where, 'is empty', "of: 'POST /orders'");
      return { kind: 'requests', request: of.trim() };
    }
    if (typeof of !== 'object' || of === null) {
      this.add(where, 'selects nothing', "of: 'POST /orders', or of: { user: 'shopper' }");
      return { kind: 'requests' };
    }
    this.keys(of, REQUEST_FILTER_KEYS, where);
    const filter = of as Readonly<Record<string, unknown>>;
    const parts: Record<string, string> = {};
    for (const part of ['user', 'name', 'method', 'protocol'] as const) {
      const value = filter[part];
      if (typeof value === 'string') parts[part] = value;
      else if (value !== undefined) this.add(`${where}.${part}`, 'is not a text');
    }
    const subject = {
      kind: 'requests',
      ...parts,
      ...this.tagsOf(filter['tags'], filter['phase'], where),
    } as const;
    this.checkUser(subject, `${where}.user`);
    return subject;
  }

  private tagsOf(given: unknown, phase: unknown, where: string): Pick<ThresholdSubject, 'tags'> {
    const tags: Record<string, string> = {};
    if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given)))
      this.add(`${where}.tags`, 'has no tags', "tags: { tier: 'gold' }");
    else for (const [name, value] of Object.entries(given ?? {})) tags[name] = String(value);
    if (typeof phase === 'string') tags['phase'] = phase;
    else if (phase !== undefined) this.add(`${where}.phase`, 'is not a text');
    return Object.keys(tags).length === 0 ? {} : { tags: sortTags(tags) };
  }

  private abortOf(given: unknown, where: string): Threshold['abort'] {
    if (given === undefined || given === false) return undefined;
    if (given === true) return { afterMs: 0 };
    const hint = "abort: true, or abort: { after: '30s' }";
    if (typeof given !== 'object' || given === null) {
      this.add(where, 'is neither true nor an object', hint);
      return undefined;
    }
    this.keys(given, ABORT_KEYS, where);
    const { after } = given as { readonly after?: unknown };
    try {
      if (after !== undefined) return { afterMs: parseDuration(after as string | number) };
      this.add(`${where}.after`, 'is missing', hint);
    } catch (error) {
      this.add(`${where}.after`, messageOf(error), hint);
    }
    return undefined;
  }

  private checkUser(subject: ThresholdSubject, where: string): void {
    const user = subject.kind === 'requests' ? subject.user : undefined;
    if (user === undefined || this.users.length === 0 || this.users.includes(user)) return;
    const meant = closest(user, this.users);
    const hint = meant === undefined ? `user types: ${this.users.join(', ')}` : `did you mean ${meant}?`;
    this.add(where, `there is no user type '${user}'`, hint);
  }

  private keys(given: object, known: Parameters<typeof findKeyProblems>[1], where: string): void {
    this.problems.push(...findKeyProblems(given, known, where));
  }

  private add(where: string, message: string, hint?: string): void {
    this.problems.push({ where, message, ...(hint !== undefined && { hint }) });
  }
}

import { timesParts, type SeriesKey, type ThresholdSubject } from '@drumline/model';

type Tags = readonly (readonly [string, string])[];

/** What a series is to a subject: requests of it, parts of requests of it, or neither. */
export type Match = 'requests' | 'parts' | 'none';

/** Selects the counts that a threshold is about. */
export class Selector {
  /** Key objects are the same in all deltas of a run. */
  readonly #known = new WeakMap<SeriesKey, Match>();

  constructor(readonly subject: ThresholdSubject) {}

  /** Whether everything of the run is selected. */
  get isEverything(): boolean {
    return this.subject.kind === 'requests' && Object.keys(this.subject).length === 1;
  }

  match(key: SeriesKey): Match {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const match = this.#match(key);
    this.#known.set(key, match);
    return match;
  }

  /** Whether a check or a metric is selected. */
  selects(kind: 'check' | 'metric', name: string, tags: Tags = []): boolean {
    const { subject } = this;
    if (subject.kind === 'requests') {
      const { request, protocol, method, name: named, user } = subject;
      const isByRequest = [request, protocol, method, named, user].some((part) => part !== undefined);
      return kind === 'check' && !isByRequest && hasTags(tags, subject.tags);
    }
    return subject.kind === kind && subject.name === name && hasTags(tags, subject.tags);
  }

  /** Whether exceptions of a user type are selected. */
  selectsExceptions(user: string): boolean {
    const { subject } = this;
    return subject.kind === 'requests' && (subject.user === undefined || subject.user === user);
  }

  /** Whether the schedule of a user type in a phase is selected. */
  selectsSchedule(user: string, phase: string): boolean {
    const { subject } = this;
    if (subject.kind !== 'requests') return false;
    const tags: Tags = phase === '' ? [] : [['phase', phase]];
    return (subject.user === undefined || subject.user === user) && hasTags(tags, subject.tags);
  }

  #match(key: SeriesKey): Match {
    const { subject } = this;
    if (subject.kind !== 'requests') return 'none';
    const { request, protocol, method, name, user } = subject;
    const fits =
      (protocol === undefined || protocol === key.protocol) &&
      (method === undefined || method === key.method) &&
      (name === undefined || name === key.name) &&
      (user === undefined || user === key.user) &&
      (request === undefined || request === key.name || request === `${key.method} ${key.name}`) &&
      hasTags(key.tags, subject.tags);
    if (!fits) return 'none';
    if (!timesParts(key)) return 'requests';
    // Parts are only meant if they are named: otherwise their requests would count twice.
    return request === undefined && name === undefined && protocol === undefined ? 'none' : 'parts';
  }
}

function hasTags(tags: Tags, wanted: Tags = []): boolean {
  return wanted.every(([name, value]) => tags.some(([tag, given]) => tag === name && given === value));
}

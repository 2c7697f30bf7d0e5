import type { OptionReader } from '../option-reader.js';
import type { OutputOption, OutputRun } from '../output.js';
import type { RunSums } from '../sums/run-sums.js';
import { DURATION_BOUNDS, Families } from './families.js';
import type { Family } from './family.js';
import { K6Families } from './k6-families.js';

/** Turns the sums of a run into metrics. */
export interface MetricsOf {
  of(sums: RunSums): Family[];
}

/** Options of `readNames`. */
export const NAME_OPTIONS: readonly OutputOption[] = [
  { name: 'metric-names', text: 'k6: the names of k6, for its dashboards', standard: 'drumline' },
  { name: 'buckets', text: 'Bounds of classic buckets in seconds, such as 0.1,0.5,1' },
];

/** Reads which names and which classic buckets metrics have. */
export function readNames(reader: OptionReader): (run: OutputRun) => MetricsOf {
  const names = reader.choice('metric-names', ['drumline', 'k6'], 'drumline');
  const bounds = readBounds(reader);
  return (run) => (names === 'k6' ? new K6Families(run, bounds) : new Families(run, bounds));
}

/** Bounds of classic buckets in seconds: `buckets=0.1,0.5,1`. */
function readBounds(reader: OptionReader): readonly number[] {
  const text = reader.text('buckets');
  if (text === undefined) return DURATION_BOUNDS;
  const bounds = text.split(',').map(Number);
  const isAscending = bounds.every((bound, at) => bound > 0 && (at === 0 || bound > bounds[at - 1]!));
  if (isAscending && bounds.every(Number.isFinite)) return bounds;
  reader.problem('option buckets must be ascending seconds above 0, such as 0.1,0.5,1');
  return DURATION_BOUNDS;
}

import { encodeHistogram } from '../codec.js';
import type { CheckDelta, IntervalDelta, RareCounts, WindowDelta } from '../delta.js';
import { type EncodedHistogram, Histogram } from '../histogram.js';
import { addError } from '../occurrences.js';
import { StatsTally } from '../stats-tally.js';
import { SeriesTally, Tally } from '../tally.js';
import { CHECK, FIELD, WINDOW, type ParsedCounts } from './parse.js';
import type { RunKeys } from './run-keys.js';

/**
 * Adds up what a second of the run gains. Can then be used for another second, without new
 * allocations.
 */
export class OpenSecond {
  /** By number. Those that are not in `touched` are empty. */
  readonly #series: SeriesTally[] = [];
  readonly #isTouched: boolean[] = [];
  readonly #touched: number[] = [];
  /** By number. */
  readonly #checks = new Map<number, CheckDelta>();
  readonly #rest = new StatsTally();
  /** Times that no series has. */
  readonly #coarse = new Histogram();
  /** By number. Those without times are unused. */
  readonly #windows: { readonly tally: Tally; fromSecond: number }[] = [];
  readonly #windowed: number[] = [];
  readonly #latency = {
    bytes: new Uint8Array(0) as Uint8Array,
    from: 0,
    to: 0,
    count: 0,
    sum: 0,
    min: 0,
    max: 0,
  };

  constructor(private readonly keys: RunKeys) {}

  /** @param at position of the entry in `fields` */
  addSeries({ bytes, fields, errors, serviceTimes, statuses }: ParsedCounts, at: number): void {
    const series = this.#touch(fields[at + FIELD.series]!);
    const { tally, errors: known } = series;
    tally.requests += fields[at + FIELD.requests]!;
    tally.failures += fields[at + FIELD.failures]!;
    tally.interrupted += fields[at + FIELD.interrupted]!;
    tally.resends += fields[at + FIELD.resends]!;
    tally.bytesSent += fields[at + FIELD.bytesSent]!;
    tally.bytesReceived += fields[at + FIELD.bytesReceived]!;
    const latency = this.#latency;
    latency.bytes = bytes;
    latency.from = fields[at + FIELD.from]!;
    latency.to = fields[at + FIELD.to]!;
    latency.count = fields[at + FIELD.count]!;
    latency.sum = fields[at + FIELD.sum]!;
    latency.min = fields[at + FIELD.min]!;
    latency.max = fields[at + FIELD.max]!;
    const service = fields[at + FIELD.service]!;
    if (service >= 0 || tally.service) tally.openService().addEncoded(serviceTimes[service] ?? latency);
    tally.latency.addEncoded(latency);
    const phased = fields[at + FIELD.phased]!;
    if (phased > 0) {
      tally.phases.addSums(
        phased,
        fields[at + FIELD.queuedMs]!,
        fields[at + FIELD.connectMs]!,
        fields[at + FIELD.sendMs]!,
        fields[at + FIELD.waitMs]!,
        fields[at + FIELD.receiveMs]!,
        fields[at + FIELD.lateMs]!,
      );
    }
    const to = fields[at + FIELD.errorsTo]!;
    for (let i = fields[at + FIELD.errorsFrom]!; i < to; i++) addError(known, errors[i]!);
    const statusesTo = fields[at + FIELD.statusesTo]!;
    for (let i = fields[at + FIELD.statusesFrom]!; i < statusesTo; i += 2)
      tally.statuses.add(statuses[i]!, statuses[i + 1]!);
  }

  /** Adds times that no series has. */
  addCoarse(latency: EncodedHistogram): void {
    this.#coarse.addEncoded(latency);
  }

  /** @param at position of the window in `windows` */
  addWindow({ bytes, windows, serviceTimes }: ParsedCounts, at: number): void {
    const number = windows[at + WINDOW.series]!;
    const fromSecond = windows[at + WINDOW.fromSecond]!;
    const window = (this.#windows[number] ??= { tally: new Tally(), fromSecond });
    if (window.tally.latency.count === 0) {
      this.#windowed.push(number);
      window.fromSecond = fromSecond;
    }
    window.fromSecond = Math.min(window.fromSecond, fromSecond);
    const latency = this.#latency;
    latency.bytes = bytes;
    latency.from = windows[at + WINDOW.from]!;
    latency.to = windows[at + WINDOW.to]!;
    latency.count = windows[at + WINDOW.count]!;
    latency.sum = windows[at + WINDOW.sum]!;
    latency.min = windows[at + WINDOW.min]!;
    latency.max = windows[at + WINDOW.max]!;
    const { tally } = window;
    const service = windows[at + WINDOW.service]!;
    if (service >= 0 || tally.service) tally.openService().addEncoded(serviceTimes[service] ?? latency);
    tally.latency.addEncoded(latency);
  }

  /** @param at position of the check in `checks` */
  addCheck({ checks }: ParsedCounts, at: number): void {
    const number = checks[at + CHECK.check]!;
    let check = this.#checks.get(number);
    if (check === undefined) {
      check = { name: this.keys.checks[number]!, passes: 0, fails: 0 };
      this.#checks.set(number, check);
    }
    check.passes += checks[at + CHECK.passes]!;
    check.fails += checks[at + CHECK.fails]!;
  }

  addRare(counts: RareCounts): void {
    this.#rest.add({ ...counts, series: [], checks: [] });
  }

  /** Returns what the second has gained, and removes it; undefined if it has gained nothing. */
  take(second: number): IntervalDelta | undefined {
    const series = this.#touched
      .sort((a, b) => a - b)
      .map((number) => this.#series[number]!)
      .filter(({ used }) => used)
      .map((one) => one.delta());
    const checks = [...this.#checks.values()];
    const rest = this.#rest.delta(second);
    const unlisted = this.#rest.listed.unlisted.sketch();
    const times = this.#takeTimes();
    this.#reset();
    if (!rest && !unlisted && !times && series.length === 0 && checks.length === 0) return undefined;
    const lists = { metrics: [], exceptions: [], ...rest, series, checks };
    return { second, ...lists, ...(unlisted && { unlisted }), ...times };
  }

  /** Takes the times that are not in the series; undefined if there are none. */
  #takeTimes(): Pick<IntervalDelta, 'coarseLatency' | 'windows'> | undefined {
    const windows = [...new Set(this.#windowed)]
      .sort((a, b) => a - b)
      .map((number) => this.#takeWindow(number));
    this.#windowed.length = 0;
    const coarseLatency = this.#coarse.count > 0 && encodeHistogram(this.#coarse);
    this.#coarse.reset();
    if (windows.length === 0 && coarseLatency === false) return undefined;
    return { ...(coarseLatency && { coarseLatency }), ...(windows.length > 0 && { windows }) };
  }

  #takeWindow(number: number): WindowDelta {
    const { tally, fromSecond } = this.#windows[number]!;
    const { latency, service } = tally;
    const times = {
      latency: encodeHistogram(latency),
      ...(service && { service: encodeHistogram(service) }),
    };
    tally.reset();
    return { key: this.keys.series.keys[number]!, fromSecond, ...times };
  }

  #touch(number: number): SeriesTally {
    const series = (this.#series[number] ??= new SeriesTally(this.keys.series.keys[number]!));
    if (this.#isTouched[number] !== true) {
      this.#isTouched[number] = true;
      this.#touched.push(number);
    }
    return series;
  }

  #reset(): void {
    for (const number of this.#touched) {
      this.#series[number]!.reset();
      this.#isTouched[number] = false;
    }
    this.#touched.length = 0;
    this.#checks.clear();
    this.#rest.reset();
  }
}

import type { CheckDelta, IntervalDelta, RareCounts } from '../delta.js';
import { addError } from '../occurrences.js';
import { StatsTally } from '../stats-tally.js';
import { SeriesTally } from '../tally.js';
import { CHECK, FIELD, type ParsedCounts } from './parse.js';
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
  addSeries({ bytes, fields, errors, serviceTimes }: ParsedCounts, at: number): void {
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
    this.#reset();
    if (!rest && !unlisted && series.length === 0 && checks.length === 0) return undefined;
    const lists = { metrics: [], exceptions: [], ...rest, series, checks };
    return { second, ...lists, ...(unlisted && { unlisted }) };
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

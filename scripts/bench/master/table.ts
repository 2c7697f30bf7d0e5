import { quantile } from '../support.js';
import { verdictOn } from './exactness.js';
import type { Figures } from './measure.js';

type Row = readonly [name: string, value: (figures: Figures) => string];

const ROWS: readonly Row[] = [
  ['reports', ({ kind }) => `every ${kind.reportEverySeconds} s`],
  ['all workers had joined after', ({ joinedAfterMs }) => `${(joinedAfterMs / 1_000).toFixed(1)} s`],
  ['  assignments, with the warm-up', ({ joining }) => thousands(joining.assignments)],
  ['  heartbeat round trip p99 until then', ({ joining }) => ms(joining.roundTripsMs, 0.99)],
  ['CPU of the master', ({ processes }) => percent(processes.cores)],
  ['entries sent a second, if it keeps up', (figures) => thousands(loadOf(figures))],
  ['entries merged a second', ({ merged, seconds }) => thousands(merged / seconds)],
  ['CPU of a merged entry', (figures) => `${microsecondsPerEntry(figures).toFixed(1)} µs`],
  ['heartbeat round trip p50 / p99 / max', ({ roundTripsMs }) => spread(roundTripsMs)],
  ['GET …/status p50 / p99 / max', ({ api }) => (api ? spread(api.statusMs) : '')],
  ['GET …/stats p50 / p99 / max', ({ api }) => (api ? spread(api.statsMs) : '')],
  ['workers missing at a time, at most', ({ api }) => (api ? thousands(api.missing) : '')],
  ['silences of the master', ({ silences }) => thousands(silences)],
  ['reports sent again', ({ repeats, kind }) => (kind.acknowledges ? thousands(repeats) : '')],
  ['memory of the master', ({ processes }) => megabytes(processes.residentBytes)],
  ['  with its other processes', ({ processes }) => megabytes(processes.treeResidentBytes)],
  ['run file', ({ stored }) => (stored ? `${kilobytes(stored.bytes / stored.seconds)} a second` : '')],
  ['requests counted', ({ counted }) => thousands(counted)],
  ['  beside those of the workers', (figures) => verdictOn(figures).text],
  ['simulated workers: CPU', ({ processes }) => percent(processes.workersCores)],
  ['  lateness of their timers p50 / p99 / max', ({ lateMs }) => spread(lateMs)],
  ['other processes of the machine', ({ processes }) => percent(processes.othersShare)],
];

/** The figures of all measured masters, with a column for each. */
export function tableOf(measured: readonly Figures[]): string {
  const head = ['', ...measured.map(({ kind }) => `${kind.name} ${kind.version}`)];
  const rows = ROWS.flatMap(([name, value]) => {
    const row = [name, ...measured.map(value)];
    return name === 'CPU of the master' ? [row, ...partsOf(measured)] : [row];
  });
  const all = [head, ...rows.filter(([, ...values]) => values.some((value) => value !== ''))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n');
}

/** A row for each process, and for the threads of the first. */
function partsOf(measured: readonly Figures[]): string[][] {
  const names = [...new Set(measured.flatMap(({ processes }) => processes.parts.map(({ name }) => name)))];
  return names.map((name) => [
    `  ${name}`,
    ...measured.map(({ processes }) => {
      const parts = processes.parts.filter((part) => part.name === name);
      return parts.length === 0 ? '' : percent(parts.reduce((sum, { cores }) => sum + cores, 0));
    }),
  ]);
}

/** Entries a second. */
function loadOf({ kind, load }: Figures): number {
  return (load.workers * load.series) / kind.reportEverySeconds;
}

function microsecondsPerEntry({ processes, seconds, merged }: Figures): number {
  return (processes.cores * seconds * 1e6) / merged;
}

function spread(valuesMs: readonly number[]): string {
  return `${[0.5, 0.99, 1].map((part) => ms(valuesMs, part, '')).join(' / ')} ms`;
}

function ms(values: readonly number[], part: number, unit = ' ms'): string {
  return values.length === 0 ? '' : `${quantile(values, part).toFixed(0)}${unit}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1e3).toFixed(1)} kB`;
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}

import type { MasterClient, RunResult, SeriesResult } from '@drumline/client';
import { formatCount, formatMs, formatRate, formatShare } from '../format.js';
import { SeriesName } from '../parts/series-name.js';
import { usePolled } from '../parts/poll.js';
import { Table } from './checks.js';

interface Props {
  readonly master: MasterClient;
  readonly baseline: string;
  readonly other: string;
}

/** Two ended runs side by side. */
export function Compare({ master, baseline, other }: Props) {
  const { value, error } = usePolled(
    async () => await Promise.all([master.run(baseline).result(), master.run(other).result()]),
    0,
    [master, baseline, other],
  );
  if (error !== undefined) return <p class="problem">{error}</p>;
  if (!value) return <p class="muted empty">Loading…</p>;
  const [before, after] = value;
  const known = new Map(before.series.map((series) => [idOf(series), series]));
  return (
    <>
      <h1>Comparison</h1>
      <p class="muted">
        Baseline <a href={`#/run/${before.run.id}/overview`}>{nameOf(before)}</a>, compared with{' '}
        <a href={`#/run/${after.run.id}/overview`}>{nameOf(after)}</a>. For a judgment with confidence, run{' '}
        <code>
          drumline compare {before.run.id.slice(0, 8)} {after.run.id.slice(0, 8)}
        </code>
        .
      </p>
      <Table title="Totals" empty="" headings={['Figure', 'Baseline', 'New', 'Change']}>
        {figuresOf(before, after).map(({ name, one, two, text, isWorse }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="num">{text(one)}</td>
            <td class="num">{text(two)}</td>
            <Change one={one} two={two} isWorse={isWorse} />
          </tr>
        ))}
      </Table>
      <Table
        title="Series, p95"
        empty="There are no series."
        headings={['Series', 'Baseline', 'New', 'Change']}
      >
        {after.series.map((series) => {
          const one = known.get(idOf(series))?.latencyMs.p95 ?? 0;
          const two = series.latencyMs.p95;
          return (
            <tr key={idOf(series)}>
              <th scope="row">
                <SeriesName series={series} />
              </th>
              <td class="num">{one === 0 ? '–' : formatMs(one)}</td>
              <td class="num">{formatMs(two)}</td>
              <Change one={one} two={two} isWorse={two > one} />
            </tr>
          );
        })}
      </Table>
    </>
  );
}

interface Figure {
  readonly name: string;
  readonly one: number;
  readonly two: number;
  readonly text: (value: number) => string;
  readonly isWorse: boolean;
}

function figuresOf({ totals: before }: RunResult, { totals: after }: RunResult): Figure[] {
  const share = ({ failures, requests }: RunResult['totals']): number =>
    requests === 0 ? 0 : failures / requests;
  const figure = (
    name: string,
    read: (totals: RunResult['totals']) => number,
    text: Figure['text'],
    more: boolean,
  ) => {
    const [one, two] = [read(before), read(after)];
    return { name, one, two, text, isWorse: more ? two < one : two > one };
  };
  return [
    figure('Requests', ({ requests }) => requests, formatCount, true),
    figure('Rate', ({ rate }) => rate, formatRate, true),
    figure('Failures', share, formatShare, false),
    figure('Mean', ({ latencyMs }) => latencyMs.mean, formatMs, false),
    figure('p50', ({ latencyMs }) => latencyMs.p50, formatMs, false),
    figure('p95', ({ latencyMs }) => latencyMs.p95, formatMs, false),
    figure('p99', ({ latencyMs }) => latencyMs.p99, formatMs, false),
    figure('Max', ({ latencyMs }) => latencyMs.max, formatMs, false),
  ];
}

/** Differences below this share are shown without a color. */
const SMALL = 0.02;

function Change({ one, two, isWorse }: Pick<Figure, 'one' | 'two' | 'isWorse'>) {
  if (one === 0) return <td class="num muted">–</td>;
  const change = two / one - 1;
  const tone = Math.abs(change) < SMALL ? 'muted' : isWorse ? 'bad' : 'good';
  return (
    <td class={`num ${tone}`}>
      {change > 0 ? '+' : change < 0 ? '−' : '±'}
      {formatShare(Math.abs(change))}
    </td>
  );
}

function nameOf({ run }: RunResult): string {
  return `${run.scenario} ${run.id.slice(0, 8)}`;
}

function idOf({ protocol, method, name, user, tags }: SeriesResult): string {
  return JSON.stringify([protocol, method, name, user, tags]);
}

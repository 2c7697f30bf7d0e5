import type { PhaseMeansResult, SeriesResult, TotalsResult } from '@drumline/client';
import { formatMs } from '../format.js';
import { LIGHT } from '../style/theme.js';
import { type Column, DataTable } from './data-table.js';
import { NAME_COLUMN } from './series-columns.js';

type Phase = keyof PhaseMeansResult;

const PHASES: readonly [Phase, string, keyof typeof LIGHT][] = [
  ['late', 'Late', 'muted'],
  ['queued', 'Queued', 'red'],
  ['connect', 'Connect', 'violet'],
  ['send', 'Send', 'amber'],
  ['wait', 'Wait', 'blue'],
  ['receive', 'Receive', 'teal'],
];

interface Props {
  readonly result: {
    readonly series: readonly SeriesResult[];
    readonly totals: TotalsResult;
  };
}

/**
 * The phases of the response time for each series: means, and a bar with their proportions.
 */
export function Phases({ result: { series, totals } }: Props) {
  return (
    <DataTable<SeriesResult>
      id="phases"
      title="Where the time went"
      rows={series.filter((row) => row.phasesMs !== undefined)}
      columns={[
        NAME_COLUMN,
        {
          title: 'Response time, mean',
          cell: (row) => formatMs(row.latencyMs.mean),
          sortBy: (row) => row.latencyMs.mean,
          foot: formatMs(totals.latencyMs.mean),
        },
        { title: 'Phases', cell: (row) => <Bar row={row} />, foot: <Bar row={totals} /> },
        ...phasesOf(totals).map(([phase, title]): Column<SeriesResult> => ({
          title: (
            <>
              <span class={`key ${phase}`} />
              {title}
            </>
          ),
          cell: (row) => formatMs(meanOf(row, phase)),
          sortBy: (row) => meanOf(row, phase),
          foot: formatMs(meanOf(totals, phase)),
        })),
      ]}
    />
  );
}

/** The mean of each phase over all requests of a run or of a series. */
export function PhaseMeans({ totals }: { readonly totals: TotalsResult }) {
  if (totals.phasesMs === undefined || totals.requests === 0) return null;
  return (
    <section class="card phase-means" aria-label="Where the time went">
      <h2>Where the time went</h2>
      <Bar row={totals} />
      <ul>
        {phasesOf(totals).map(([phase, title]) => (
          <li key={phase}>
            <span class={`key ${phase}`} />
            {title} <strong>{formatMs(meanOf(totals, phase))}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The phases side by side. The rest of the response time stays empty. */
function Bar({ row }: { readonly row: TotalsResult }) {
  const phases = phasesOf(row);
  const together = phases.reduce((sum, [phase]) => sum + meanOf(row, phase), 0);
  // The phases may cover fewer requests than the mean, so their sum may be larger.
  const whole = Math.max(row.latencyMs.mean, together) || 1;
  let x = 0;
  return (
    <svg
      class="parts"
      width="160"
      height="10"
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {phases.map(([phase, , tone]) => {
        const width = Math.round((meanOf(row, phase) / whole) * 1_000) / 10;
        const from = x;
        x += width;
        return (
          width > 0 && (
            <rect key={phase} class={phase} x={round(from)} width={width} height="1" fill={LIGHT[tone]} />
          )
        );
      })}
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Without the phase `late` if no iteration began late. */
function phasesOf({ phasesMs }: TotalsResult): typeof PHASES {
  return PHASES.filter(([phase]) => phase !== 'late' || phasesMs?.late !== undefined);
}

function meanOf({ phasesMs }: TotalsResult, phase: Phase): number {
  return phasesMs?.[phase] ?? 0;
}

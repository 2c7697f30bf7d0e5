import { plannedRateAt, type LoadPart } from '@drumline/model';
import type { RunResult, ScheduleResult } from '@drumline/wire';
import { formatCount, formatShare } from '../format.js';
import { type Markup, markup } from './markup.js';
import { renderTable } from './table.js';

/** Renders what became of the arrivals and iterations that were due. Closed loads have none. */
export function renderSchedule({ schedule = [] }: RunResult): Markup | false {
  const hasPhases = schedule.some(({ phase }) => phase !== '');
  const due = ({ started, dropped, skipped }: ScheduleResult): number => started + dropped + skipped;
  return renderTable<ScheduleResult>({
    id: 'schedule',
    title: 'Starts',
    rows: schedule,
    columns: [
      { title: 'User type', cell: (row) => row.user },
      hasPhases && { title: 'Phase', cell: (row) => row.phase },
      { title: 'Due', cell: (row) => formatCount(due(row)), sortBy: due },
      { title: 'Started', cell: (row) => formatCount(row.started), sortBy: (row) => row.started },
      {
        title: markup`<abbr title="began more than 10 ms after they were due">Late</abbr>`,
        cell: (row) => counted(row.late, row.started),
        sortBy: (row) => row.late,
      },
      {
        title: markup`<abbr title="refused by the limit of users">Dropped</abbr>`,
        cell: (row) => counted(row.dropped, due(row)),
        sortBy: (row) => row.dropped,
      },
      {
        title: markup`<abbr title="due while the run was paused or had stopped">Skipped</abbr>`,
        cell: (row) => counted(row.skipped, due(row)),
        sortBy: (row) => row.skipped,
      },
    ],
  });
}

function counted(count: number, whole: number): Markup {
  return markup`${formatCount(count)}${count > 0 && markup` <small class="muted">${formatShare(count, whole)}</small>`}`;
}

/** Starts in each second of the run. */
export interface StartColumns {
  readonly started: number[];
  readonly dropped: number[];
  /** What the plan asked for; null if a pause or a change by hand moved it. */
  readonly planned: number[] | null;
}

/** The columns of the chart of starts; null if the load has none. */
export function startColumns(result: RunResult, timeline: RunResult['timeline']): StartColumns | null {
  if (!timeline.some(({ starts }) => starts)) return null;
  const startedMs = Date.parse(result.run.startedAt);
  const wasMoved = result.notes.some(({ code }) => code === 'paused' || code === 'load-changed');
  const parts = (result.plan?.load.parts ?? []).map((part): LoadPart => ({
    ...part,
    types: [],
    workload: part.workload as LoadPart['workload'],
  }));
  const planned = timeline.map(({ at }) => plannedRateAt({ parts }, Date.parse(at) - startedMs + 500));
  return {
    started: timeline.map(({ starts }) => starts?.started ?? 0),
    dropped: timeline.map(({ starts }) => starts?.dropped ?? 0),
    planned: wasMoved || planned.every((rate) => rate === 0) ? null : planned,
  };
}

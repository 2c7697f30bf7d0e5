import { randomUUID } from 'node:crypto';
import { seriesId, type SeriesKey } from '@drumline/model';
import type { OutputRun } from '@drumline/outputs';
import {
  mergeDeltas,
  withWindows,
  type IntervalClosed,
  type IntervalCorrected,
  type IntervalDelta,
} from '@drumline/stats';
import type { RunResult } from '@drumline/wire';
import type { ClientBase } from 'pg';
import { inTransaction } from '../connection/transaction.js';
import { digest } from '../rows/digest.js';
import {
  CHECK_COLUMNS,
  checkRows,
  METRIC_COLUMNS,
  metricKey,
  metricRows,
  SERIES_COLUMNS,
  seriesRows,
  type At,
} from '../rows/rows-of.js';
import { cleanJson, cleanText } from '../rows/text.js';
import { quoteName } from '../schema/quote-name.js';
import { copyRows } from './copy-rows.js';
import { correctedRunSecond, RUN_COLUMNS, runRow, runSecondOf, type RunSecond } from './run-row.js';
import { SeriesIds } from './series-ids.js';
import { readStored } from './stored-counts.js';

/** What is written at once. */
export type Change =
  | IntervalClosed
  | IntervalCorrected
  | { readonly type: 'reset' }
  | { readonly type: 'event'; readonly at: string; readonly kind: string; readonly data: object }
  | { readonly type: 'end'; readonly result: RunResult };

/** Ascending, so that what is sent again is recognized. */
export interface BatchNumber {
  /** Of the event; absent if it is not of the seconds of the run. */
  readonly position?: number;
  /** Of other batches of this master. */
  readonly number?: number;
}

/** The tables with what was counted. */
const COUNTED = ['second', 'run_second', 'check_second', 'metric_second'];

/**
 * Writes a run. Each change is one transaction, and is written once, also if this master or the
 * next one repeats it.
 */
export class RunWriter {
  private readonly writerId = randomUUID();
  private readonly series: SeriesIds;
  private readonly startedAtMs: number;

  constructor(
    private readonly schema: string,
    private readonly run: OutputRun,
  ) {
    this.series = new SeriesIds(this.table('series'), run.runId);
    this.startedAtMs = Date.parse(run.startedAt);
  }

  /** Adds the run. Another master may have added it before. */
  async begin(client: ClientBase): Promise<void> {
    const { runId, scenario, startedAt, labels } = this.run;
    await client.query(
      `INSERT INTO ${this.table('run')} (run_id, scenario, started_at, state, labels)
       VALUES ($1, $2, $3, 'running', $4) ON CONFLICT DO NOTHING`,
      [runId, cleanText(scenario), startedAt, cleanJson(labels)],
    );
  }

  /** The position of the last event that any master has written; undefined if there is none. */
  async written(client: ClientBase): Promise<number | undefined> {
    const { rows } = await client.query<{ batch: string }>(
      `SELECT batch FROM ${this.table('writer')} WHERE run_id = $1 AND writer_id = $1`,
      [this.run.runId],
    );
    return rows[0] && Number(rows[0].batch);
  }

  /** @param number of the change; a change with a number that was written is left out */
  async write(client: ClientBase, number: BatchNumber, change: Change): Promise<void> {
    if (change.type === 'closed' || change.type === 'corrected')
      await this.series.add(client, keysIn(change.counts));
    await inTransaction(client, async () => {
      if (await this.isNew(client, number)) await this.apply(client, change);
    });
  }

  /** Events have the same numbers under each master. The writer of all of them is the run. */
  private async isNew(client: ClientBase, { position, number }: BatchNumber): Promise<boolean> {
    const { rowCount } = await client.query(
      `INSERT INTO ${this.table('writer')} AS known (run_id, writer_id, batch) VALUES ($1, $2, $3)
       ON CONFLICT (run_id, writer_id) DO UPDATE SET batch = excluded.batch WHERE known.batch < excluded.batch`,
      position === undefined
        ? [this.run.runId, this.writerId, number]
        : [this.run.runId, this.run.runId, position],
    );
    return rowCount === 1;
  }

  private async apply(client: ClientBase, change: Change): Promise<void> {
    switch (change.type) {
      case 'closed':
        return await this.writeClosed(client, change);
      case 'corrected':
        return await this.writeCorrected(client, change);
      case 'reset':
        for (const name of COUNTED)
          await client.query(`DELETE FROM ${this.table(name)} WHERE run_id = $1`, [this.run.runId]);
        return;
      case 'event':
        return await this.writeEvent(client, change);
      case 'end':
        return await this.writeEnd(client, change.result);
    }
  }

  /** Replaces what another master may have written of the second. */
  private async writeClosed(client: ClientBase, { second, counts, state }: IntervalClosed): Promise<void> {
    const at = this.atOf(second);
    const deleted = COUNTED.map(
      (name, index) => `d${index} AS (DELETE FROM ${this.table(name)} WHERE run_id = $1 AND at = $2)`,
    );
    await client.query(`WITH ${deleted.join(', ')} SELECT`, [at.runId, at.at]);
    await this.insert(client, at, withWindows(counts), timedSecondsIn(counts), runSecondOf(counts, state));
  }

  /** Adds to what was written of the second. */
  private async writeCorrected(client: ClientBase, change: IntervalCorrected): Promise<void> {
    const { second, counts, isMarked = false } = change;
    const at = this.atOf(second);
    const gained = withWindows(counts);
    const stored = await readStored(client, (name) => this.table(name), at, gained, this.series);
    const [delta = gained] = mergeDeltas([stored.delta, gained]);
    const timed = new Map(timedSecondsIn(counts));
    for (const [id, seconds] of stored.timedSeconds) timed.set(id, Math.max(seconds, timed.get(id) ?? 1));
    const runSecond = await correctedRunSecond(client, this.table('run_second'), at, counts, isMarked);
    const ids = gained.series.map(({ key }) => this.series.of(key));
    const keys = [...gained.checks.map(({ name }) => digest(name)), ...gained.metrics.map(metricKey)];
    await client.query(
      `WITH s AS (DELETE FROM ${this.table('second')} WHERE series_id = ANY($3) AND at = $2),
         r AS (DELETE FROM ${this.table('run_second')} WHERE run_id = $1 AND at = $2),
         c AS (DELETE FROM ${this.table('check_second')} WHERE run_id = $1 AND at = $2 AND key = ANY($4)),
         m AS (DELETE FROM ${this.table('metric_second')} WHERE run_id = $1 AND at = $2 AND key = ANY($4))
       SELECT`,
      [at.runId, at.at, ids, keys],
    );
    await this.insert(client, at, delta, timed, runSecond);
  }

  private async insert(
    client: ClientBase,
    at: At,
    delta: IntervalDelta,
    timedSeconds: ReadonlyMap<string, number>,
    runSecond: RunSecond,
  ): Promise<void> {
    const idOf = (key: SeriesKey): string => this.series.of(key);
    await copyRows(client, this.table('second'), SERIES_COLUMNS, seriesRows(at, delta, idOf, timedSeconds));
    await copyRows(client, this.table('check_second'), CHECK_COLUMNS, checkRows(at, delta));
    await copyRows(client, this.table('metric_second'), METRIC_COLUMNS, metricRows(at, delta));
    await copyRows(client, this.table('run_second'), RUN_COLUMNS, [runRow(at, runSecond)]);
  }

  private async writeEvent(client: ClientBase, change: Change & { type: 'event' }): Promise<void> {
    const { at, kind, data } = change;
    const { runId } = this.run;
    await client.query(
      `INSERT INTO ${this.table('event')} (run_id, at, type, data) VALUES ($1, $2, $3, $4)`,
      [runId, at, kind, cleanJson(data)],
    );
    if (kind !== 'state') return;
    const { state } = data as { state: string };
    await client.query(`UPDATE ${this.table('run')} SET state = $2 WHERE run_id = $1`, [runId, state]);
  }

  private async writeEnd(client: ClientBase, result: RunResult): Promise<void> {
    const { run, verdict, exitCode } = result;
    await client.query(
      `UPDATE ${this.table('run')} SET ended_at = $2, state = $3, verdict = $4, exit_code = $5, result = $6
       WHERE run_id = $1`,
      [this.run.runId, run.endedAt, run.state, verdict, exitCode, cleanJson(result)],
    );
  }

  private atOf(second: number): At {
    const at = new Date(this.startedAtMs + second * 1_000).toISOString();
    return { runId: this.run.runId, at, second };
  }

  private table(name: string): string {
    return `${quoteName(this.schema)}.${name}`;
  }
}

function keysIn({ series, windows = [] }: IntervalDelta): SeriesKey[] {
  return [...series, ...windows].map(({ key }) => key);
}

function timedSecondsIn({ second, windows = [] }: IntervalDelta): Map<string, number> {
  return new Map(windows.map(({ key, fromSecond }) => [seriesId(key), second - fromSecond + 1]));
}

import type { IntervalClosed, IntervalCorrected } from '@drumline/stats';
import type { RunEventView } from '@drumline/wire';
import type { Output, OutputRun } from '../output.js';
import type { InfluxOptions } from './options.js';
import { Points } from './points.js';
import { checkServer, discardRun, writeLines } from './server.js';

/** Lines to write, or that what was counted so far is to be discarded. */
type Batch = readonly string[] | 'discard';

/** The measurements of what a run counts. */
const COUNTED = ['run', 'requests', 'responses', 'errors', 'checks', 'metrics'];

/** Writes points to InfluxDB. A point that is written again replaces itself. */
export class InfluxOutput implements Output<Batch> {
  private runId = '';
  private points: Points | undefined;

  constructor(private readonly options: InfluxOptions) {}

  async check(): Promise<void> {
    await checkServer(this.options.server);
  }

  open(run: OutputRun): Promise<void> {
    this.runId = run.runId;
    this.points = new Points(this.options.prefix, run);
    return Promise.resolve();
  }

  interval(second: IntervalClosed): Batch {
    return this.points!.closed(second);
  }

  correction(second: IntervalCorrected, position: number): Batch {
    return this.points!.corrected(second, position);
  }

  reset(): Batch {
    return 'discard';
  }

  event(event: RunEventView): Batch | undefined {
    const lines = this.points!.event(event, Date.now());
    return lines.length === 0 ? undefined : lines;
  }

  async send(batch: Batch, signal: AbortSignal): Promise<void> {
    const { server, prefix } = this.options;
    if (batch !== 'discard') return await writeLines(server, batch, signal);
    const measurements = COUNTED.map((name) => `${prefix}${name}`);
    await discardRun(server, this.runId, measurements, signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

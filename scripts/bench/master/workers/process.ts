// A process with some of the simulated workers. Its argument is a `WorkersOrder` as JSON.
import { DrumlineReports } from './drumline-reports.js';
import { DrumlineWorker } from './drumline-worker.js';
import { noCounts, type WorkersCommand, type WorkersOrder } from './load.js';
import { LOCUST_REPORT_SECONDS, LocustReports } from './locust-reports.js';
import { LocustWorker } from './locust-worker.js';
import { schedule } from './schedule.js';
import type { SimulatedWorker } from './simulated-worker.js';

const order = JSON.parse(process.argv[2]!) as WorkersOrder;
const { protocol, address, from, workers: count, series } = order;
const tally = noCounts();
const create = protocol === 'drumline' ? drumline() : locust();
let workers: SimulatedWorker[] = [];

const commands: Record<WorkersCommand['type'], () => void> = {
  join: () => {
    workers = Array.from({ length: count }, (_, index) => create(from + index));
    for (const worker of workers) worker.join();
    schedule(workers, protocol === 'drumline' ? 1 : LOCUST_REPORT_SECONDS, tally);
  },
  count: () => {
    process.send!(tally);
    tally.roundTripsMs = [];
    tally.lateMs = [];
  },
  finish: () => {
    for (const worker of workers) worker.finish();
  },
};
process.on('message', ({ type }: WorkersCommand) => commands[type]());
process.on('disconnect', () => process.exit());
process.send!('ready');

function drumline(): (number: number) => SimulatedWorker {
  const reports = new DrumlineReports(order, from);
  return (number) => new DrumlineWorker(number, address, reports, series, tally);
}

function locust(): (number: number) => SimulatedWorker {
  const reports = new LocustReports(order, from);
  return (number) => new LocustWorker(number, address, reports, series, tally);
}

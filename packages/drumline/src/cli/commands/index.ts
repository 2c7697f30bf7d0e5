import type { Command } from '../command.js';
import { check } from './check.js';
import { exitCodes } from './exit-codes.js';
import { master } from './master.js';
import { newProject } from './new.js';
import { pause, reset, resume, start, stop, users } from './orders.js';
import { report } from './report.js';
import { run } from './run.js';
import { stats } from './stats.js';
import { status } from './status.js';
import { watch } from './watch.js';
import { worker } from './worker.js';
import { workers } from './workers.js';

/** In the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  newProject,
  check,
  run,
  master,
  worker,
  status,
  workers,
  stats,
  watch,
  start,
  stop,
  users,
  pause,
  resume,
  reset,
  report,
  exitCodes,
];

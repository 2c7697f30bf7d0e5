import { isOpen, type LoadPart } from '@drumline/model';
import { LOGS, replayOf } from './cluster/logs.js';
import { tableOfLog } from './cluster/tables.js';
import { openSchedule } from './open-schedule.js';
import type { Schedule } from './schedule.js';
import { Random } from './world/random.js';

/** Generates the schedule of a seed whose open parts replay logs. */
export function replayedSchedule(seed: number): Schedule {
  const random = new Random(seed ^ 0x4e91);
  const { parts = [], ...schedule } = openSchedule(seed);
  return { ...schedule, parts: parts.map((part) => replaying(random, part)) };
}

function replaying(random: Random, part: LoadPart): LoadPart {
  const { workload, types } = part;
  const log = random.whole(0, LOGS.length - 1);
  // A log with user types has both of them.
  if (!isOpen(workload) || (LOGS[log]!.type && types.length < 2)) return part;
  return { ...part, workload: { ...workload, ...replayOf(log, tableOfLog(log)) } };
}

import { formatDuration, type CurrentStage, type LoadProfile } from '@drumline/model';
import { formatCount } from './format.js';

/** A load profile as a sentence: `ramp to 50 users over 5s, hold 50 for 10s`. */
export function describeLoad({ fromUsers, stages }: LoadProfile): string {
  const parts: string[] = [];
  let current = fromUsers;
  const add = (verb: string, users: number, rest = ''): void => {
    const unit = parts.length > 0 ? '' : users === 1 ? ' user' : ' users';
    parts.push(`${verb} ${formatCount(users)}${unit}${rest}`);
  };
  if (fromUsers > 0) add('start with', fromUsers);
  for (const { durationMs, toUsers } of stages) {
    const before = current;
    current = toUsers;
    if (durationMs === 0) {
      if (toUsers !== before) add(parts.length > 0 ? 'jump to' : 'start with', toUsers);
    } else if (durationMs === null) add('hold', toUsers, ' until stopped');
    else if (toUsers === before) add('hold', toUsers, ` for ${formatDuration(durationMs)}`);
    else add(toUsers > before ? 'ramp to' : 'ramp down to', toUsers, ` over ${formatDuration(durationMs)}`);
  }
  return parts.join(', ');
}

/** The current stage: `ramp to 500 users, 40s of 2m, stage 1 of 2`. */
export function describeStage(stage: CurrentStage): string {
  const { number, stages, fromUsers, toUsers, elapsedMs, durationMs } = stage;
  const verb = toUsers === fromUsers ? 'hold' : toUsers > fromUsers ? 'ramp to' : 'ramp down to';
  const users = `${formatCount(toUsers)} ${toUsers === 1 ? 'user' : 'users'}`;
  // Whole seconds, because tenths change too quickly to read.
  const passed = formatDuration(Math.floor(elapsedMs / 1_000) * 1_000).replace(/^0ms$/, '0s');
  const time = durationMs === null ? ' until stopped' : `, ${passed} of ${formatDuration(durationMs)}`;
  return `${verb} ${users}${time}${stages > 1 ? `, stage ${number} of ${stages}` : ''}`;
}

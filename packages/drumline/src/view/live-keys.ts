import type { Colors } from './options.js';
import type { LiveChoices, SortOrder } from './model.js';
import { cutEnd } from './text.js';

const SORT_NAMES: Readonly<Record<SortOrder, string>> = {
  failing: 'failing first, then slow',
  slow: 'slowest first',
  busy: 'busiest first',
  name: 'by name',
};

/** The keys and their effects. */
const KEYS: readonly (readonly [key: string, does: string])[] = [
  ['?', 'show or hide this list'],
  ['q', 'stop the run gracefully: running tasks finish and everything is counted'],
  ['p', 'pause or resume the users'],
  ['+ -', 'change the number of users by 10 %, at least by one'],
  ['s', 'change the order of the requests: failing, slow, busy, by name'],
];

/** The keys of the live view. Ctrl-C is not listed, because its effect depends on the command. */
export function keyLines(choices: LiveChoices, paused: boolean, colors: Colors, width: number): string[] {
  if (!choices.keys) return [];
  if (!choices.help) {
    const short = `? keys · q stop · p ${paused ? 'resume' : 'pause'} · +/- users · s sort (${SORT_NAMES[choices.sort]})`;
    return ['', colors.dim(cutEnd(short, width))];
  }
  return [
    '',
    colors.bold('Keys'),
    ...KEYS.map(([key, does]) => `${colors.cyan(key.padEnd(4))}${cutEnd(does, width - 4)}`),
  ];
}

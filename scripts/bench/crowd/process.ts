// Some of the simulated workers of a bench. Arguments: address, first number, count, series.
import { Speaker, type Heard } from './speaker.js';

const [address = '', from = 0, count = 0, series = 0] = [
  process.argv[2],
  ...process.argv.slice(3).map(Number),
];
const heard: Heard = { assignments: 0, repliesMs: [], silences: 0 };
const speakers = Array.from({ length: count }, (_, n) => new Speaker(`c${from + n}`, address, series, heard));
process.on('message', () => {
  for (const speaker of speakers) speaker.close();
  process.send!(heard, () => process.exit());
});

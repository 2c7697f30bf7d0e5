/** Fails if a comment is wider than 100 columns. Part of `npm run check`. */
import { readFileSync } from 'node:fs';
import { commentWidths } from './comments.js';
import { proseFiles } from './files.js';

const MOST_COLUMNS = 100;

const wide = proseFiles('.').source.flatMap((file) =>
  commentWidths(file, readFileSync(file, 'utf8'))
    .filter(({ columns }) => columns > MOST_COLUMNS)
    .map(({ line, columns }) => `${file}:${line}: comment of ${columns} columns, at most ${MOST_COLUMNS}`),
);
if (wide.length > 0) {
  console.error(wide.join('\n'));
  process.exitCode = 1;
}

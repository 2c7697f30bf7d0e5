import { closest } from '@drumline/model';
import { fieldsOf } from '../../runtime/tables/csv-fields.js';
import type { DeclaredReplay } from '../../runtime/tables/declarations.js';
import { TableProblem } from '../tables/table-problem.js';
import { timeOfNumber, timeOfText } from './time-text.js';

/** How the lines of a replayed file are written. */
export interface ReplayFormat {
  readonly kind: 'csv' | 'ndjson' | 'lines';
  /** Of CSV files. */
  readonly delimiter: string;
}

/** Reads the lines of a replayed file. */
export interface LineReader {
  readonly hasUsers: boolean;
  /** What helps with a line that has no time. */
  readonly hint: string;
  /** @throws Error that says what is wrong in the line */
  line(text: string, unit: DeclaredReplay['unit']): { readonly timeMs: number; readonly user: string };
}

const HINT = 'times are seconds, or dates such as 2026-01-31T12:00:00Z';

/**
 * @param hasNames whether the first line of a CSV file names its columns
 * @throws TableProblem if a column does not exist
 */
export function lineReader(
  { kind, delimiter }: ReplayFormat,
  { time, user }: DeclaredReplay,
  columns: readonly string[],
  hasNames: boolean,
): LineReader {
  const hasUsers = user !== undefined;
  if (kind === 'ndjson')
    return {
      hasUsers,
      hint: HINT,
      line: (text, unit) => {
        const value = JSON.parse(text) as unknown;
        const item =
          typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
        const given = item === undefined ? value : time === undefined ? Object.values(item)[0] : item[time];
        const name = hasUsers ? item?.[user] : '';
        if (typeof name !== 'string') throw new Error(`has no text in the field '${user}'`);
        return { timeMs: timeOf(given, unit), user: name };
      },
    };
  if (kind === 'lines')
    return { hasUsers: false, hint: HINT, line: (text, unit) => ({ timeMs: timeOf(text, unit), user: '' }) };
  const timeAt = time === undefined ? 0 : columnOf(time, columns, hasNames);
  const userAt = user === undefined ? -1 : columnOf(user, columns, hasNames);
  return {
    hasUsers,
    hint: HINT,
    line: (text, unit) => {
      const fields = fieldsOf(text, delimiter);
      return { timeMs: timeOf(fields[timeAt] ?? '', unit), user: fields[userAt] ?? '' };
    },
  };
}

function columnOf(name: string, columns: readonly string[], hasNames: boolean): number {
  if (!hasNames)
    throw new TableProblem(
      `has no column '${name}', because its first line has a time, not names of columns`,
      'write a first line with the names of the columns',
    );
  const at = columns.indexOf(name);
  if (at >= 0) return at;
  const meant = closest(name, columns);
  throw new TableProblem(
    `has no column '${name}'`,
    meant === undefined
      ? `columns: ${columns.join(', ')}`
      : `did you mean '${meant}'? (columns: ${columns.join(', ')})`,
  );
}

function timeOf(value: unknown, unit: DeclaredReplay['unit']): number {
  const timeMs =
    typeof value === 'number'
      ? timeOfNumber(value, unit)
      : typeof value === 'string'
        ? timeOfText(value, unit)
        : undefined;
  if (timeMs !== undefined && Number.isFinite(timeMs)) return timeMs;
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  throw new Error(`'${shown.slice(0, 80)}' has no time`);
}

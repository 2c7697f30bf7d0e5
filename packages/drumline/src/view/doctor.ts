import type { Diagnosis, Grade, MachineRole, WorkerNeeds } from '@drumline/model';
import pc from 'picocolors';
import { formatCount } from './format.js';
import type { Colors, ViewOptions } from './options.js';
import { oneLine, padEnd, wrap } from './text.js';

/** What is shown of an examination. */
interface Shown {
  readonly role: MachineRole;
  readonly scenario?: string;
  readonly target?: string;
  readonly workers: number;
  readonly needs: WorkerNeeds;
  readonly checks: readonly Diagnosis[];
}

/** Columns for the mark in front of each check, and between name and value. */
const INDENT = 2;

/** The result of `drumline doctor`: for each check, its value, what that allows, and the fix. */
export function renderExamination(shown: Shown, { color, width }: ViewOptions): string {
  const colors = pc.createColors(color);
  const nameWidth = Math.max(...shown.checks.map(({ check }) => check.length));
  const lines = shown.checks.flatMap((check) => checkLines(check, colors, nameWidth, width));
  return [...wrap(headOf(shown), width), '', ...lines, '', conclusionOf(shown.checks, colors)].join('\n');
}

function checkLines(
  { check, grade, value, allows, problem, remedy }: Diagnosis,
  colors: Colors,
  nameWidth: number,
  width: number,
): string[] {
  const indent = INDENT + nameWidth + INDENT;
  const tone = { ok: plain, unknown: colors.dim, tight: colors.yellow, breaks: colors.red }[grade];
  const about = oneLine(allows === undefined ? value : `${value}: ${allows}`);
  const block = (text: string, paint: (text: string) => string): string[] =>
    wrap(oneLine(text), width - indent).map((line) => `${' '.repeat(indent)}${paint(line)}`);
  const [first = '', ...more] = wrap(about, width - indent);
  return [
    `${tone(MARKS[grade])} ${padEnd(check, nameWidth)}  ${grade === 'unknown' ? colors.dim(first) : first}`,
    ...more.map((line) => `${' '.repeat(indent)}${line}`),
    ...(problem === undefined ? [] : block(`${sentence(problem)}.`, tone)),
    ...(remedy === undefined ? [] : block(`Fix: ${remedy}`, colors.cyan)),
  ];
}

const MARKS: Readonly<Record<Grade, string>> = { ok: '✓', unknown: '?', tight: '!', breaks: '✗' };

function headOf({ role, scenario, target, workers, needs }: Shown): string {
  const { lanes, users, opened, starts } = needs;
  const asWhat = role === 'both' ? 'master and worker' : role;
  const load = [
    ...(users > 0 ? [`${formatCount(users)} ${users === 1 ? 'user' : 'users'}`] : []),
    ...(starts > 0 ? [`${formatCount(starts)} ${opened > 0 ? 'arrivals' : 'iterations'}/s`] : []),
  ];
  const lanesText = role === 'master' ? '' : ` with ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`;
  const share = workers === 1 ? '' : `, its share of ${formatCount(workers)} workers`;
  const what = load.length === 0 ? ', no load given' : `, for ${load.join(' and ')}${share}`;
  const of = scenario === undefined ? '' : ` of ${oneLine(scenario)}`;
  return `This machine as ${asWhat}${lanesText}${what}${of}${target === undefined ? '' : `, target ${oneLine(target)}`}:`;
}

function conclusionOf(checks: readonly Diagnosis[], colors: Colors): string {
  const count = (grade: Grade): number => checks.filter((one) => one.grade === grade).length;
  const [tight, breaks] = [count('tight'), count('breaks')];
  if (breaks > 0)
    return colors.red(`${breaks} ${breaks === 1 ? 'check' : 'checks'} will certainly break the run.`);
  if (tight > 0)
    return colors.yellow(
      `${tight} ${tight === 1 ? 'check' : 'checks'} may slow the run, or fail a part of it.`,
    );
  return colors.green('Nothing here limits the run.');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function plain(text: string): string {
  return text;
}

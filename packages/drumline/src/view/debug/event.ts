import { describeFinding, formatCount, printable } from '@drumline/model';
import type { DebugCounts, DebugEvent } from '@drumline/worker/debug';
import type { Colors } from '../options.js';
import { bodyLines, exchangeLines, requestLines } from './request.js';

/** How events are shown. */
export interface DebugViewOptions {
  /** How many bytes of each body are shown. */
  readonly maxBodyBytes: number;
  /** Whether tasks are shown with the number of their iteration. */
  readonly numbersIterations: boolean;
}

/** One event of a tried scenario, in lines. */
export function eventLines(
  event: DebugEvent,
  colors: Colors,
  { maxBodyBytes, numbersIterations }: DebugViewOptions,
): string[] {
  switch (event.kind) {
    case 'began':
      return ['', colors.bold(titleOf(event, numbersIterations))];
    case 'request':
      return requestLines(event, colors, maxBodyBytes);
    case 'streamEnded':
      return [
        colors.dim(`  the stream of ${printable(event.exchange.url)} has ended`),
        ...exchangeLines(
          { ...event.exchange, requestHeaders: [], responseHeaders: [] },
          colors,
          maxBodyBytes,
        ).map((line) => `    ${line}`),
      ];
    case 'message': {
      const mark = event.direction === 'sent' ? colors.cyan('>') : colors.magenta('<');
      const lines = bodyLines(event.body, maxBodyBytes);
      return lines.map((line) => `  ${mark} ${line}`);
    }
    case 'check':
      return event.passed
        ? [`  ${colors.green('✓')} check '${printable(event.name)}'`]
        : [
            `  ${colors.red('✗')} check '${printable(event.name)}' failed; the value was:`,
            ...printable(event.value ?? '')
              .split('\n')
              .map((line) => `      ${line}`),
          ];
    case 'row': {
      const verb = event.use === 'once' ? 'took' : 'borrowed';
      return [colors.dim(`  ${verb} a row of '${printable(event.table)}': ${printable(event.row)}`)];
    }
    case 'metric':
      return [colors.dim(`  ${event.type} '${printable(event.name)}' ${event.value}`)];
    case 'exception':
      return exceptionLines(event.stack === '' ? event.message : event.stack, colors);
    case 'lateFailure':
      return [colors.red(`  ✗ ${printable(event.request)} was marked as failed: ${printable(event.reason)}`)];
    case 'finding': {
      const { kind, subject, count } = event.finding;
      return [colors.yellow(`  note: ${printable(describeFinding(kind, subject, count, ['this machine']))}`)];
    }
    case 'stopRun':
      return [colors.yellow(`  the scenario stopped the run: ${printable(event.reason)}`)];
  }
}

/** What was counted, in one line: `3 requests, 1 failed; 2 checks` */
export function countsLine(counts: Readonly<DebugCounts>): string {
  const { requests, failedRequests, checks, failedChecks, exceptions } = counts;
  return [
    counted(requests, 'request', failedRequests),
    ...(checks > 0 ? [counted(checks, 'check', failedChecks)] : []),
    ...(exceptions > 0 ? [counted(exceptions, 'exception', 0)] : []),
  ].join('; ');
}

function counted(count: number, noun: string, failed: number): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}${failed > 0 ? `, ${formatCount(failed)} failed` : ''}`;
}

function titleOf(
  { user, task, iteration }: Extract<DebugEvent, { kind: 'began' }>,
  numbersIterations: boolean,
): string {
  const number = numbersIterations && iteration !== undefined ? ` (iteration ${iteration})` : '';
  return printable(`${user === '' ? '' : `${user} / `}${task}${number}`);
}

function exceptionLines(stack: string, colors: Colors): string[] {
  const [first = '', ...rest] = printable(stack).split('\n');
  return [
    `  ${colors.red('✗')} ${colors.red(`exception: ${first}`)}`,
    ...rest.map((line) => `    ${line.trim()}`),
  ];
}

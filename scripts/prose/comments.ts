import { parseSync, type Comment } from 'oxc-parser';
import { paragraphsOf, type Passage } from './passage.js';

/** Comments that are directives for tools. */
const DIRECTIVE = /^\s*(?:\*\s*)?(?:@ts-|@jest-|eslint|oxlint|prettier|cspell|istanbul|v8 ignore|#|\/\s*<)/;

interface CommentBlock {
  /** Line number of the start, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The paragraphs of all comments of a TypeScript or JavaScript file. */
export function commentPassages(file: string, source: string): Passage[] {
  return blocksOf(file, source).flatMap(({ line, text }) =>
    paragraphsOf(text).map((paragraph) => ({ file, line: line + paragraph.line - 1, text: paragraph.text })),
  );
}

/**
 * The width in columns of every line that holds a comment, without directives.
 */
export function commentWidths(file: string, source: string): { line: number; columns: number }[] {
  const lines = source.split('\n');
  const lineAt = lineFinder(source);
  const widths: { line: number; columns: number }[] = [];
  for (const comment of parseSync(file, source).comments) {
    if (DIRECTIVE.test(comment.value)) continue;
    for (let line = lineAt(comment.start); line <= lineAt(comment.end); line++) {
      widths.push({ line, columns: lines[line - 1]!.length });
    }
  }
  return widths;
}

/** Line comments on successive lines are one block. */
function blocksOf(file: string, source: string): CommentBlock[] {
  const lineAt = lineFinder(source);
  const blocks: { line: number; lastLine: number; text: string }[] = [];
  for (const comment of parseSync(file, source).comments) {
    if (DIRECTIVE.test(comment.value)) continue;
    const line = lineAt(comment.start);
    const previous = blocks.at(-1);
    const text = textOf(comment);
    if (comment.type === 'Line' && previous?.lastLine === line - 1 && standsAlone(source, comment)) {
      previous.text += `\n${text}`;
      previous.lastLine = line;
    } else {
      blocks.push({ line, lastLine: comment.type === 'Line' ? line : 0, text });
    }
  }
  return blocks;
}

function textOf({ type, value }: Comment): string {
  if (type === 'Line') return value.replace(/^ /, '');
  return value
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .map((line) => line.replace(/^@(?=\w)/, '\n@'))
    .join('\n');
}

function standsAlone(source: string, { start }: Comment): boolean {
  return /^\s*$/.test(source.slice(source.lastIndexOf('\n', start - 1) + 1, start));
}

function lineFinder(source: string): (offset: number) => number {
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

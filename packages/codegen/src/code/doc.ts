/**
 * Text whose line breaks are chosen when it is printed, as in Wadler's "A prettier printer". A
 * group stays on one line if it fits. Otherwise its own lines break, and inner groups are tried.
 */
export type Doc =
  string | readonly Doc[] | Line | Group | Indent | IfBroken | Fill | FirstFit | ByLanguage | Mark;

interface Line {
  readonly kind: 'line';
  /** The text if the group is not broken; undefined for a line that always breaks. */
  readonly flat: string | undefined;
}
interface Group {
  readonly kind: 'group';
  readonly content: Doc;
  readonly broken: boolean;
}
interface Indent {
  readonly kind: 'indent';
  readonly content: Doc;
}
interface IfBroken {
  readonly kind: 'ifBroken';
  readonly text: string;
}
interface Fill {
  readonly kind: 'fill';
  readonly items: readonly string[];
}
interface FirstFit {
  readonly kind: 'firstFit';
  readonly choices: readonly Doc[];
}

interface ByLanguage {
  readonly kind: 'byLanguage';
  readonly ts: Doc;
  readonly js: Doc;
}
interface Mark {
  readonly kind: 'mark';
  readonly id: string;
}

/** The language of a scenario. */
export type Language = 'ts' | 'js';

export const line: Doc = { kind: 'line', flat: ' ' };
export const softLine: Doc = { kind: 'line', flat: '' };
export const hardLine: Doc = { kind: 'line', flat: undefined };

/** Breaks all lines of the group or none. `broken` forces the breaks. */
export function group(content: Doc, { broken = false } = {}): Doc {
  return { kind: 'group', content, broken: broken || mustBreak(content) };
}

export function indent(content: Doc): Doc {
  return { kind: 'indent', content };
}

/** Text that is printed only if its group is broken, such as a trailing comma. */
export function ifBroken(text: string): Doc {
  return { kind: 'ifBroken', text };
}

/** Puts as many items on each line as fit, separated by commas. */
export function fill(items: readonly string[]): Doc {
  return { kind: 'fill', items };
}

/** The first layout whose first line fits, otherwise the last layout. */
export function firstFit(...choices: readonly Doc[]): Doc {
  return { kind: 'firstFit', choices };
}

/** Code that differs between TypeScript and JavaScript. */
export function byLanguage(ts: Doc, js: Doc): Doc {
  return { kind: 'byLanguage', ts, js };
}

/** Records its line number and prints nothing. */
export function mark(id: string): Doc {
  return { kind: 'mark', id };
}

export function join(separator: Doc, docs: readonly Doc[]): Doc {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]));
}

interface Command {
  readonly depth: number;
  readonly broken: boolean;
  readonly doc: Doc;
}

/** The printed text, and the line numbers of its marks, counted from 1. */
export interface Printed {
  readonly text: string;
  readonly marks: ReadonlyMap<string, number>;
}

/** Lays out a document. @param width columns that a line should not exceed */
export function print(doc: Doc, width: number, language: Language): Printed {
  const output = new Output();
  const marks = new Map<string, number>();
  const commands: Command[] = [{ depth: 0, broken: true, doc: inLanguage(doc, language) }];
  for (let command = commands.pop(); command !== undefined; command = commands.pop()) {
    const { depth, broken, doc: current } = command;
    const fitsHere = (choice: Doc): boolean =>
      fits({ depth, broken: false, doc: choice }, commands, width - output.column);
    if (typeof current === 'string') output.write(current);
    else if (isList(current)) commands.push(...spread(command, current));
    else if (current.kind === 'indent') commands.push({ depth: depth + 1, broken, doc: current.content });
    else if (current.kind === 'ifBroken') output.write(broken ? current.text : '');
    else if (current.kind === 'mark') marks.set(current.id, output.line);
    else if (current.kind === 'byLanguage') throw new Error('a choice between languages was not made');
    else if (current.kind === 'line') {
      if (broken || current.flat === undefined) output.newLine(depth);
      else output.write(current.flat);
    } else if (current.kind === 'group') {
      const breaks = current.broken || (broken && !fitsHere(current.content));
      commands.push({ depth, broken: breaks, doc: current.content });
    } else if (current.kind === 'firstFit') {
      const fitting = current.choices.find(fitsHere);
      commands.push({ depth, broken: fitting === undefined, doc: fitting ?? current.choices.at(-1)! });
    } else {
      current.items.forEach((item, index) => {
        const text = index < current.items.length - 1 ? `${item},` : item;
        // A comma follows the last item as well.
        if (index > 0 && output.column + item.length + 2 > width) output.newLine(depth);
        else if (index > 0) output.write(' ');
        output.write(text);
      });
    }
  }
  return { text: output.text(), marks };
}

/** Replaces the choices between languages by the one for this language. */
function inLanguage(doc: Doc, language: Language): Doc {
  if (typeof doc === 'string') return doc;
  if (isList(doc)) return doc.map((one) => inLanguage(one, language));
  switch (doc.kind) {
    case 'byLanguage':
      return inLanguage(doc[language], language);
    case 'group':
    case 'indent':
      return { ...doc, content: inLanguage(doc.content, language) };
    case 'firstFit':
      return { ...doc, choices: doc.choices.map((choice) => inLanguage(choice, language)) };
    default:
      return doc;
  }
}

class Output {
  readonly #lines: string[] = [];
  #last = '';

  /** Counted from 1. */
  get line(): number {
    return this.#lines.length + 1;
  }

  get column(): number {
    return this.#last.length;
  }

  write(text: string): void {
    const [first, ...more] = text.split('\n');
    this.#last += first;
    for (const row of more) {
      this.#lines.push(this.#last);
      this.#last = row;
    }
  }

  newLine(depth: number): void {
    this.#lines.push(this.#last.trimEnd());
    this.#last = '  '.repeat(depth);
  }

  text(): string {
    return [...this.#lines, this.#last].join('\n');
  }
}

/** Whether the text up to the next line break fits into `room` columns. */
function fits(first: Command, rest: readonly Command[], room: number): boolean {
  const commands = [first];
  let next = rest.length;
  for (;;) {
    if (room < 0) return false;
    const command = commands.pop() ?? rest[--next];
    if (command === undefined) return true;
    const { doc, broken } = command;
    if (typeof doc === 'string') {
      const end = doc.indexOf('\n');
      if (end >= 0) return room >= end;
      room -= doc.length;
    } else if (isList(doc)) commands.push(...spread(command, doc));
    else if (doc.kind === 'indent') commands.push({ ...command, doc: doc.content });
    else if (doc.kind === 'group')
      commands.push({ ...command, broken: broken || doc.broken, doc: doc.content });
    else if (doc.kind === 'firstFit')
      commands.push({ ...command, doc: doc.choices[broken ? doc.choices.length - 1 : 0]! });
    else if (doc.kind === 'fill') room -= doc.items.join(', ').length;
    else if (doc.kind === 'ifBroken') room -= broken ? doc.text.length : 0;
    else if (doc.kind === 'mark' || doc.kind === 'byLanguage') continue;
    else if (broken || doc.flat === undefined) return true;
    else room -= doc.flat.length;
  }
}

function mustBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return doc.includes('\n');
  if (isList(doc)) return doc.some(mustBreak);
  if (doc.kind === 'line') return doc.flat === undefined;
  if (doc.kind === 'group') return doc.broken;
  return doc.kind === 'indent' && mustBreak(doc.content);
}

function spread(command: Command, docs: readonly Doc[]): Command[] {
  return docs.map((doc) => ({ ...command, doc })).reverse();
}

function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

import type { Redactor } from './redactor.js';

/** A longer line is cut, characters. */
const MAX_LINE = 64 * 1024;

/** Cuts what a process prints, which comes in pieces of any length, into lines, and takes secrets out of them. */
export class PrintedLines {
  redactor: Redactor | undefined;
  private text = '';

  constructor(private readonly say: (line: string) => void) {}

  add(piece: string): void {
    const lines = (this.text + piece).split('\n');
    this.text = lines.pop()!;
    for (const line of lines) this.print(line);
    if (this.text.length > MAX_LINE) this.cut();
  }

  /** Nothing comes any more. */
  end(): void {
    this.print(this.text);
    this.text = '';
  }

  /** The end may hold the beginning of a secret: it waits for the rest. */
  private cut(): void {
    const clean = this.redactor?.whole(this.text) ?? this.text;
    const end = clean.length - (this.redactor?.longest ?? 0);
    this.print(clean.slice(0, end));
    this.text = clean.slice(end);
  }

  private print(line: string): void {
    if (line.trim() !== '') this.say(this.clean(line));
  }

  private clean(line: string): string {
    return this.redactor?.text(line) ?? line;
  }
}

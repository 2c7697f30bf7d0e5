import type { Redactor } from './redactor.js';

/** The longest line, in characters. Longer ones are cut. */
const MAX_LINE = 64 * 1024;

/** Splits the output of a process into lines and masks secrets in them. */
export class PrintedLines {
  redactor: Redactor | undefined;
  private text = '';

  constructor(private readonly onLine: (line: string) => void) {}

  add(piece: string): void {
    const lines = (this.text + piece).split('\n');
    this.text = lines.pop()!;
    for (const line of lines) this.print(line);
    if (this.text.length > MAX_LINE) this.cut();
  }

  /** Passes on the last line. Call it when the output has ended. */
  end(): void {
    this.print(this.text);
    this.text = '';
  }

  /** Keeps the end of the text, because it may contain the beginning of a secret. */
  private cut(): void {
    const clean = this.redactor?.whole(this.text) ?? this.text;
    const end = clean.length - (this.redactor?.longest ?? 0);
    this.print(clean.slice(0, end));
    this.text = clean.slice(end);
  }

  private print(line: string): void {
    if (line.trim() !== '') this.onLine(this.clean(line));
  }

  private clean(line: string): string {
    return this.redactor?.text(line) ?? line;
  }
}

/** How much of what a lane prints on stderr is kept to explain its end, characters. */
const KEEP = 16_384;

const INSPECTOR_LINE =
  /Debugger listening on (ws:\/\/\S+)|^For help, see: https:\/\/nodejs\.org|^Debugger (?:attached|ending)/;

/** The last words of a lane on stderr: what Node says there when it dies, and where its debugger listens. */
export class ErrorTail {
  inspectorUrl: string | undefined;
  private text = '';
  private dying = false;

  /** @returns what of it is for people */
  take(text: string): string {
    this.text = (this.text + text).slice(-KEEP);
    this.inspectorUrl ??= INSPECTOR_LINE.exec(text)?.[1];
    this.dying ||= /<--- Last few GCs --->|FATAL ERROR|Native stack trace/.test(text);
    if (this.dying) return '';
    return text
      .split('\n')
      .filter((line) => !INSPECTOR_LINE.test(line))
      .join('\n');
  }

  /** Why the process ended, in words. */
  explain(code: number | null, signal: NodeJS.Signals | null): string {
    if (/heap out of memory|Cannot create a string longer|Array buffer allocation failed/.test(this.text)) {
      const used = /Mark-Compact.*? (\d+)[.\d]* \(/.exec(this.text)?.[1];
      return `it ran out of memory (heap limit${used === undefined ? '' : ` near ${used} MB`}); give lanes more with --lane-heap, or find what the scenario keeps`;
    }
    if (signal === 'SIGKILL') return 'it was killed (SIGKILL), by the system’s memory limit or by hand';
    if (signal) return `it was ended by ${signal}`;
    return `it ended with exit code ${code}`;
  }
}

/** How much of a lane's stderr is kept to explain why it ended, characters. */
const KEEP = 16_384;

const INSPECTOR_LINE =
  /Debugger listening on (ws:\/\/\S+)|^For help, see: https:\/\/nodejs\.org|^Debugger (?:attached|ending)/;

/**
 * The end of a lane's stderr: the error that Node prints when it dies, and the address of its
 * debugger.
 */
export class ErrorTail {
  inspectorUrl: string | undefined;
  private text = '';
  private dying = false;

  /** @returns the part of the text that is meant for people */
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

  /** Explains why the process ended. */
  explain(code: number | null, signal: NodeJS.Signals | null): string {
    if (/heap out of memory|Cannot create a string longer|Array buffer allocation failed/.test(this.text)) {
      const used = /Mark-Compact.*? (\d+)[.\d]* \(/.exec(this.text)?.[1];
      return `it ran out of memory (heap limit${used === undefined ? '' : ` near ${used} MB`}); raise --lane-heap, or find what the scenario keeps in memory`;
    }
    if (signal === 'SIGKILL') return 'it was killed (SIGKILL), by a memory limit of the system or by hand';
    if (signal) return `it was terminated by ${signal}`;
    return `it exited with code ${code}`;
  }
}

/**
 * JavaScript with the contents of strings, regular expressions and comments replaced by whitespace.
 * All other characters keep their positions. Meant for the output of a bundler.
 */
export function maskCode(code: string): string {
  const masked = new Masking(code);
  masked.run();
  return masked.out.join('');
}

/** After these keywords, a slash starts a regular expression; after other words it divides. */
const BEFORE_PATTERN =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|await|yield|throw|new)\s*$/;

class Masking {
  readonly out: string[] = [];
  private at = 0;
  /** Number of open braces within the `${` of each open template. */
  private readonly templates: number[] = [];

  constructor(private readonly code: string) {}

  run(): void {
    while (this.at < this.code.length) this.step();
  }

  private step(): void {
    const [one, two] = [this.code[this.at]!, this.code.slice(this.at, this.at + 2)];
    if (two === '//') this.blankTo(this.endOf('\n'));
    else if (two === '/*') this.blankTo(this.endOf('*/', 2));
    else if (one === '"' || one === "'") this.text(one);
    else if (one === '`') this.template();
    else if (one === '/' && this.beginsPattern()) this.pattern();
    else this.punctuation(one);
  }

  private punctuation(character: string): void {
    const depth = this.templates.length - 1;
    if (depth >= 0 && character === '{') this.templates[depth]! += 1;
    if (character === '}' && this.templates[depth] === 0) {
      this.templates.pop();
      this.keep();
      return this.templateRest();
    }
    if (depth >= 0 && character === '}') this.templates[depth]! -= 1;
    this.keep();
  }

  private text(quote: string): void {
    this.keep();
    while (this.at < this.code.length && this.code[this.at] !== quote) {
      if (this.code[this.at] === '\\') this.blank();
      this.blank();
    }
    this.keep();
  }

  private template(): void {
    this.keep();
    this.templateRest();
  }

  private templateRest(): void {
    while (this.at < this.code.length && this.code[this.at] !== '`') {
      if (this.code.startsWith('${', this.at)) {
        this.keep();
        this.keep();
        this.templates.push(0);
        return;
      }
      if (this.code[this.at] === '\\') this.blank();
      this.blank();
    }
    this.keep();
  }

  private pattern(): void {
    this.keep();
    let inClass = false;
    while (this.at < this.code.length && this.code[this.at] !== '\n') {
      const character = this.code[this.at]!;
      if (character === '/' && !inClass) break;
      if (character === '[') inClass = true;
      if (character === ']') inClass = false;
      if (character === '\\') this.blank();
      this.blank();
    }
    this.keep();
  }

  private beginsPattern(): boolean {
    const before = this.out.slice(-30).join('');
    const last = before.trimEnd().at(-1);
    return last === undefined || /[(,=:[!&|?{};+\-*%<>~^]/.test(last) || BEFORE_PATTERN.test(before);
  }

  private endOf(mark: string, skip = 0): number {
    const end = this.code.indexOf(mark, this.at + skip);
    return end < 0 ? this.code.length : end + skip;
  }

  private blankTo(end: number): void {
    while (this.at < end) this.blank();
  }

  private blank(): void {
    if (this.at < this.code.length) this.out.push(this.code[this.at] === '\n' ? '\n' : ' ');
    this.at += 1;
  }

  private keep(): void {
    if (this.at < this.code.length) this.out.push(this.code[this.at]!);
    this.at += 1;
  }
}

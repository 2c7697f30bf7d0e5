import protobuf from 'protobufjs';

/** The option that lets `markGroups` find messages that were groups. */
const GROUP_MARK = 'drumline_group';

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A piece of the source and its replacement. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Comments, texts, names and numbers, single signs. */
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\w.]+|\S/g;
const OPENING = '{[<(';
const CLOSING = '}]>)';

/**
 * Rewrites syntax that protoc accepts and the parser of protobufjs rejects. The meaning and the
 * line numbers stay the same.
 * - Custom options are removed: nothing reads them, and their values have another syntax.
 * - Groups become marked messages, including those of a `oneof` or an extension; see `markGroups`.
 * - Comments are separated from adjacent words.
 *
 * An invalid .proto file stays invalid, so that the parser reports the error.
 */
export function plainProto(source: string): string {
  const all = [...source.matchAll(TOKEN)].map(({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));
  const isComment = ({ text }: Token): boolean => text.startsWith('//') || text.startsWith('/*');
  const tokens = all.filter((token) => !isComment(token));
  const edits = [
    ...all.filter(isComment).flatMap(({ start }) => setOff(source, start)),
    ...new Rewriter(source, tokens).edits(),
  ];
  return applied(source, edits);
}

function setOff(source: string, at: number): Edit[] {
  return at > 0 && /\S/.test(source[at - 1]!) ? [{ start: at, end: at, text: ' ' }] : [];
}

class Rewriter {
  readonly #edits: Edit[] = [];
  /** Messages that belong after the open block, by the depth of that block. */
  readonly #behind = new Map<number, string>();
  readonly #blocks: string[] = [];

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
  ) {}

  edits(): readonly Edit[] {
    for (let at = 0; at < this.tokens.length;) at = this.#next(at);
    return this.#edits;
  }

  /**
   * Handles the token with this index.
   * @returns the index of the next token to handle
   */
  #next(at: number): number {
    const text = this.#text(at);
    if (text === '{') this.#blocks.push(this.#kindOfBlock(at));
    else if (text === '}') this.#close(at);
    else if (text === 'option' && this.#startsStatement(at)) return this.#option(at);
    else if (text === 'extend') this.#extended(at + 1);
    else if (text === '[') return this.#inlineOptions(at);
    else if (text === 'group' && this.#text(at + 2) === '=') return this.#group(at);
    return at + 1;
  }

  /** The parser accepts no names with a leading dot here. */
  #extended(at: number): void {
    const { text = '', start = 0 } = this.tokens[at] ?? {};
    if (text.startsWith('.')) this.#edits.push({ start, end: start + 1, text: ' ' });
  }

  /** Removes `option (my.option) = { … };`. */
  #option(at: number): number {
    const equals = this.#find(at, (text) => text === '=' || text === ';');
    const isCustom = this.#texts(at, equals).includes('(');
    const end = this.#endOfValue(equals, ';');
    if (isCustom) this.#blank(this.tokens[at]!.start, this.tokens[end]?.end ?? this.source.length);
    return end + 1;
  }

  /** Keeps the options of `[(my.option) = 1, deprecated = true]` that are not custom. */
  #inlineOptions(open: number): number {
    const entries: [from: number, to: number][] = [];
    let from = open + 1;
    let end: number;
    for (;;) {
      end = this.#endOfValue(from - 1, ',', ']');
      entries.push([from, end]);
      if (this.#text(end) !== ',') break;
      from = end + 1;
    }
    const kept = entries.filter(([first, last]) => !this.#isCustom(first, last));
    if (kept.length < entries.length && end < this.tokens.length) {
      const texts = kept.map(([first, last]) => this.#texts(first, last).join(' '));
      const { start } = this.tokens[open]!;
      this.#blank(start, this.tokens[end]!.end, texts.length > 0 ? `[${texts.join(', ')}]` : '');
    }
    return end + 1;
  }

  #isCustom(first: number, end: number): boolean {
    const texts = this.#texts(first, end);
    const equals = texts.indexOf('=');
    return texts.slice(0, Math.max(equals, 0)).includes('(') || OPENING.includes(texts[equals + 1] ?? ' ');
  }

  /** Rewrites `group Pair = 2 { … }` as `Pair pair = 2; message Pair { … }`. */
  #group(at: number): number {
    const name = this.#text(at + 1)!;
    const open = this.#endOfValue(at + 3, '{');
    if (open >= this.tokens.length) return at + 1;
    const number = this.#text(at + 3);
    const field = `${name} ${name.toLowerCase()} = ${number};`;
    const start = this.tokens[at]!.start;
    const bodyStart = this.tokens[open]!.end;
    const message = `message ${name} { option ${GROUP_MARK} = true;`;
    const block = this.#blocks.at(-1);
    if (block !== 'oneof' && block !== 'extend') {
      this.#edits.push({ start, end: bodyStart, text: `${field} ${message}` });
      this.#blocks.push('message');
      return open + 1;
    }
    const close = this.#endOfValue(open, '}');
    const bodyEnd = this.tokens[close]?.start ?? this.source.length;
    this.#blank(start, this.tokens[close]?.end ?? this.source.length, field);
    const body = withoutLineComments(plainProto(this.source.slice(bodyStart, bodyEnd)));
    const depth = this.#blocks.length;
    this.#behind.set(depth, `${this.#behind.get(depth) ?? ''} ${message} ${body.replaceAll('\n', ' ')} }`);
    return close + 1;
  }

  #close(at: number): void {
    const depth = this.#blocks.length;
    const { end } = this.tokens[at]!;
    const text = this.#behind.get(depth);
    if (text !== undefined) this.#edits.push({ start: end, end, text });
    this.#behind.delete(depth);
    this.#blocks.pop();
  }

  #kindOfBlock(open: number): string {
    const words = [this.#text(open - 1), this.#text(open - 2)];
    if (words[1] === 'oneof') return 'oneof';
    return words[1] === 'extend' ? 'extend' : 'message';
  }

  #startsStatement(at: number): boolean {
    return at === 0 || ['{', '}', ';'].includes(this.#text(at - 1)!);
  }

  /** The index of the first of some signs after a position, outside brackets. */
  #endOfValue(after: number, ...signs: readonly string[]): number {
    let depth = 0;
    return this.#find(after, (text) => {
      if (depth === 0 && signs.includes(text)) return true;
      if (OPENING.includes(text)) depth += 1;
      else if (CLOSING.includes(text)) depth -= 1;
      return false;
    });
  }

  #find(after: number, isIt: (text: string) => boolean): number {
    let at = after + 1;
    while (at < this.tokens.length && !isIt(this.tokens[at]!.text)) at += 1;
    return at;
  }

  #text(at: number): string | undefined {
    return this.tokens[at]?.text;
  }

  #texts(from: number, to: number): string[] {
    return this.tokens.slice(from, to).map(({ text }) => text);
  }

  /** Replaces tokens by a text; the line breaks between them stay. */
  #blank(start: number, end: number, text = ''): void {
    const lines = this.source.slice(start, end).replaceAll(/[^\n]/g, '');
    this.#edits.push({ start, end, text: `${text}${lines}` });
  }
}

/** A comment to the end of the line would hide the tokens after it on one line. */
function withoutLineComments(text: string): string {
  return text.replaceAll(TOKEN, (token) => (token.startsWith('//') ? '' : token));
}

function applied(source: string, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    // A comment within the removed text.
    if (edit.start < at) continue;
    text += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + source.slice(at);
}

/** Turns the messages that `plainProto` made of groups into groups again. */
export function markGroups(namespace: protobuf.NamespaceBase): void {
  for (const nested of namespace.nestedArray) {
    if (nested instanceof protobuf.Type && nested.options?.[GROUP_MARK] !== undefined) {
      (nested as { group?: boolean }).group = true;
      delete nested.options[GROUP_MARK];
    }
    if (nested instanceof protobuf.Namespace) markGroups(nested);
  }
}

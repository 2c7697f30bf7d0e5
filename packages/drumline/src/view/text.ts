import { stripVTControlCharacters } from 'node:util';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters that a terminal draws two columns wide: East Asian scripts and emoji. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;

/**
 * Text in one line. Replaces control characters, so that a name from a target cannot control the
 * terminal.
 */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\p{C}/gu, (char) => (char === '\u200d' ? char : '\ufffd'))
    .trim();
}

/** Width of a text in columns, without color codes. It must not have other control characters. */
export function widthOf(text: string): number {
  return graphemes(stripVTControlCharacters(text)).reduce(
    (sum, grapheme) => sum + graphemeWidth(grapheme),
    0,
  );
}

/** Shortens a text by cutting its end. */
export function cutEnd(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width < 1 ? '' : `${take(graphemes(text), width - 1)}…`;
}

/** Shortens a text by cutting its middle, because the start and end of a path matter most. */
export function cutMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  const tail = Math.floor((width - 1) / 2);
  const all = graphemes(text);
  const end = graphemes(take(all.toReversed(), tail)).toReversed().join('');
  return `${take(all, width - 1 - tail)}…${end}`;
}

/** Pads with spaces on the right. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Pads with spaces on the left. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** Two blocks of lines side by side. */
export function sideBySide(
  left: readonly string[],
  right: readonly string[],
  leftWidth: number,
  gap: number,
): string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    `${padEnd(left[i] ?? '', leftWidth + gap)}${right[i] ?? ''}`.trimEnd(),
  );
}

/** Wraps a text, between words where possible. Omits nothing. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(2, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => splitWord(one, room))) {
    if (line && widthOf(line) + 1 + widthOf(word) > room) {
      lines.push(line);
      line = '';
    }
    line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

/** The first lines of a wrapped text. An ellipsis marks omitted lines. */
export function wrapAtMost(text: string, width: number, most: number): string[] {
  const lines = wrap(text, width);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cutEnd(`${lines[most - 1]!} …`, width)];
}

/** Splits a word into parts that fit on a line. */
function splitWord(word: string, width: number): string[] {
  const parts: string[] = [];
  let rest = graphemes(word);
  while (rest.length > 1 && widthOf(rest.join('')) > width) {
    const part = graphemes(take(rest, width));
    parts.push(part.join(''));
    rest = rest.slice(part.length);
  }
  return [...parts, rest.join('')];
}

function take(all: readonly string[], width: number): string {
  let [text, used] = ['', 0];
  for (const grapheme of all) {
    used += graphemeWidth(grapheme);
    if (used > width) break;
    text += grapheme;
  }
  return text;
}

function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function graphemeWidth(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1;
}

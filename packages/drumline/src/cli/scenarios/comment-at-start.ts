const MAX_CHARS = 500;
const LEGAL = /copyright|licen[cs]e|spdx/i;

/** The comment at the start of a file, without comments for compilers and about licenses. */
export function commentAtStart(text: string): string {
  const rest = text.replace(/^\uFEFF?(?:#!.*\n)?\s*/, '');
  const [block = ''] = /^(?:\/\/.*(?:\r?\n|$))+|^\/\*[^]*?\*\//.exec(rest) ?? [];
  if (LEGAL.test(block)) return '';
  const lines = block
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:\/\/|\/\*+|\*(?!\/))\s?|\s*\*+\/\s*$/g, '').trim())
    .filter((line) => !/^@ts-|^eslint|^oxlint/.test(line));
  // Indented lines and what follows an empty line are examples and details.
  const [first = ''] = lines
    .join('\n')
    .trim()
    .split(/\n\s*\n/);
  return first.replaceAll('\n', ' ').slice(0, MAX_CHARS);
}

/**
 * Replaces the part of a page that a command writes: what is between `<!-- COMMAND: begin -->` and
 * `<!-- COMMAND: end -->`.
 * @throws Error if the page has no such part
 */
export function replaceMarked(page: string, command: string, content: string): string {
  const [begin, end] = ['begin', 'end'].map((edge) => `<!-- ${command}: ${edge} -->`) as [string, string];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page lacks '${begin}' or '${end}'`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

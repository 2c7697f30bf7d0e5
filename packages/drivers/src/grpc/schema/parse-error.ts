/**
 * The message from the parser, with file and line in front: `accounts.proto:12: illegal id ';'`.
 */
export function explainParseError(file: string, source: string | undefined, message: string): string {
  const [, what, line] = /^(.*) \((?:.*, )?line (\d+)\)$/s.exec(message) ?? [];
  if (what !== undefined) {
    return `${file}:${line}: ${what.replace(/^illegal .*'null'/, 'the file ends too early')}`;
  }
  const found = source === undefined ? 0 : lineOfDuplicate(source, message);
  return found > 0 ? `${file}:${found}: ${message}` : `${file}: ${message}`;
}

/**
 * The parser reports no line for a duplicate name or number, so this finds its last occurrence.
 * @returns 0 if there is none
 */
function lineOfDuplicate(source: string, message: string): number {
  const [, id, name] = /^duplicate (?:id (\d+)|name '(.+?)')/.exec(message) ?? [];
  if (id === undefined && name === undefined) return 0;
  const declared =
    id === undefined ? new RegExp(String.raw`\b${name}\b`) : new RegExp(String.raw`=\s*${id}\s*[;[]`);
  return source.split('\n').findLastIndex((line) => declared.test(line)) + 1;
}

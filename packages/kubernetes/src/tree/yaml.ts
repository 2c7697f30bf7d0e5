import { isMap, Noted, type Node, type NodeMap, type Scalar } from './node.js';

/** Writes a tree as YAML, with its comments. */
export function yamlOf(tree: Node): string {
  return `${new YamlWriter().lines(tree, 0).join('\n')}\n`;
}

/** Writes the parts of a tree that are plain YAML. Each line has its whole indentation. */
export class YamlWriter {
  lines(node: Node, indent: number): string[] {
    if (node instanceof Noted)
      return [...commentLines(node.comment, indent), ...this.lines(node.node, indent)];
    if (Array.isArray(node)) return node.flatMap((item: Node) => this.item(item, indent));
    if (isMap(node)) return this.map(node, indent);
    return [`${pad(indent)}${scalarText(node as Scalar)}`];
  }

  protected map(map: NodeMap, indent: number): string[] {
    return Object.entries(map).flatMap(([key, entry]) => this.entry(key, entry, indent));
  }

  /** One entry of a map. */
  protected entry(key: string, node: Node, indent: number): string[] {
    if (node instanceof Noted)
      return [...commentLines(node.comment, indent), ...this.entry(key, node.node, indent)];
    const name = `${pad(indent)}${scalarText(key)}:`;
    if (isCollection(node)) {
      if (Object.keys(node).length === 0) return [`${name} ${Array.isArray(node) ? '[]' : '{}'}`];
      return [name, ...this.lines(node, indent + 2)];
    }
    if (typeof node === 'string' && isBlock(node)) return blockLines(name, node, indent + 2);
    return [`${name} ${scalarText(node as Scalar)}`];
  }

  /** One item of a list. */
  protected item(node: Node, indent: number): string[] {
    if (node instanceof Noted)
      return [...commentLines(node.comment, indent), ...this.item(node.node, indent)];
    if (isCollection(node) && Object.keys(node).length === 0)
      return [`${pad(indent)}- ${Array.isArray(node) ? '[]' : '{}'}`];
    return dashed(this.lines(node, indent + 2), indent);
  }
}

/** Puts the dash of a list item before its first line. Comments stay before the dash. */
function dashed(lines: readonly string[], indent: number): string[] {
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
  return lines.map((line, index) => {
    if (index > first) return line;
    return `${pad(indent)}${index === first ? '- ' : ''}${line.trimStart()}`;
  });
}

/** Lines of at most 110 columns. */
function commentLines(comment: string, indent: number): string[] {
  const lines: string[] = [];
  let line = `${pad(indent)}#`;
  for (const word of comment.split(/\s+/)) {
    if (line.length + word.length + 1 > 110) {
      lines.push(line);
      line = `${pad(indent)}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

export function pad(indent: number): string {
  return ' '.repeat(indent);
}

function isCollection(node: Node): node is readonly Node[] | NodeMap {
  return Array.isArray(node) || isMap(node);
}

/** A string without quotes if every YAML parser reads it as a string, else in quotes. */
function scalarText(scalar: Scalar): string {
  if (typeof scalar !== 'string') return String(scalar);
  if (PLAIN.test(scalar) && !OTHER_TYPE.test(scalar)) return scalar;
  return PRINTABLE.test(scalar) ? `'${scalar.replaceAll("'", "''")}'` : quoted(scalar);
}

/** In double quotes, with escapes that YAML and JSON share. */
function quoted(content: string): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(content).replaceAll(/[^\u0020-\u007e]/g, escape);
}

const PLAIN =
  /^(?:[A-Za-z_/$][\w./$()[\]'-]*(?:[ @:][\w./$()[\]'-]+)*|\d+(?:[KMGTP]i?|ms|s|m|h)|\d+(?:\.\d+){2,})$/;
/** Booleans and null of YAML 1.1 and 1.2, numbers in words, and merge keys. */
const OTHER_TYPE = /^(?:y|n|yes|no|on|off|true|false|null|~|\.nan|\.inf)$/i;
const PRINTABLE = /^[\u0020-\u007e\u00a0-\u{d7ff}\u{e000}-\u{fffd}]*$/u;

/** Text of several lines, which a literal block keeps unchanged. */
function isBlock(content: string): boolean {
  return (
    /^[^\s][^]*\n/.test(content) &&
    content.split('\n').every((line) => PRINTABLE.test(line.replaceAll('\t', ' ')))
  );
}

function blockLines(name: string, content: string, indent: number): string[] {
  const [, body = '', ends = ''] = /^([^]*?)(\n*)$/.exec(content)!;
  const lines = body.split('\n').map((line) => (line === '' ? '' : `${pad(indent)}${line}`));
  const keep = ends.length > 1 ? '+' : ends === '' ? '-' : '';
  return [`${name} |${keep}`, ...lines, ...Array.from({ length: Math.max(0, ends.length - 1) }, () => '')];
}

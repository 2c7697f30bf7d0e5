import {
  Builtin,
  Choice,
  Lines,
  Merged,
  PassThrough,
  Text,
  Value,
  isMap,
  type BuiltinName,
  type Condition,
  type Node,
} from './node.js';
import { pad, YamlWriter } from './yaml.js';

/** Writes a tree as the text of a Helm template. */
export function helmTemplate(tree: Node): string {
  return `${new HelmWriter().lines(tree, 0).join('\n')}\n`;
}

const BUILTINS: Readonly<Record<BuiltinName, string>> = {
  name: 'include "drumline.name" .',
  fullName: 'include "drumline.fullName" .',
  namespace: '.Release.Namespace',
  version: '.Chart.AppVersion',
  managedBy: '.Release.Service',
  chart: 'include "drumline.chart" .',
};

/** Writes plain YAML, and the actions of a template for dynamic nodes. */
class HelmWriter extends YamlWriter {
  override lines(node: Node, indent: number): string[] {
    if (node instanceof Choice) return this.branches(node, (part) => this.lines(part, indent));
    if (node instanceof Merged) return node.maps.flatMap((map) => this.lines(map, indent));
    if (node instanceof PassThrough) return passedLines(node, indent);
    const scalar = scalarAction(node);
    return scalar === undefined ? super.lines(node, indent) : [`${pad(indent)}${scalar}`];
  }

  protected override entry(key: string, node: Node, indent: number): string[] {
    if (node instanceof Choice) return this.branches(node, (part) => this.entry(key, part, indent));
    if (node instanceof PassThrough) {
      const inner = [`${pad(indent)}${key}:`, `${pad(indent + 2)}{{- toYaml . | nindent ${indent + 2} }}`];
      return [`{{- with .Values.${node.path} }}`, ...inner, '{{- end }}'];
    }
    if (node instanceof Merged) return [`${pad(indent)}${key}:`, ...this.lines(node, indent + 2)];
    const scalar = scalarAction(node);
    return scalar === undefined ? super.entry(key, node, indent) : [`${pad(indent)}${key}: ${scalar}`];
  }

  protected override item(node: Node, indent: number): string[] {
    // Lists inside lists are spliced, as `evaluate` does.
    if (Array.isArray(node)) return node.flatMap((item: Node) => this.item(item, indent));
    if (node instanceof Choice) return this.branches(node, (part) => this.item(part, indent));
    if (node instanceof PassThrough) return passedLines(node, indent);
    if (isMap(node) && Object.values(node)[0] instanceof Choice)
      throw new Error(`the first key of a list item cannot depend on a condition: ${Object.keys(node)[0]}`);
    return super.item(node, indent);
  }

  private branches({ condition, yes, no }: Choice, write: (part: Node) => string[]): string[] {
    if ('form' in condition) return write(yes);
    const otherwise = no === undefined ? [] : ['{{- else }}', ...write(no)];
    return [`{{- if ${conditionText(condition)} }}`, ...write(yes), ...otherwise, '{{- end }}'];
  }
}

function passedLines({ path }: PassThrough, indent: number): string[] {
  return [`{{- with .Values.${path} }}`, `${pad(indent)}{{- toYaml . | nindent ${indent} }}`, '{{- end }}'];
}

/** The action for a node that is a scalar; JSON is YAML, and quotes what needs it. */
function scalarAction(node: Node): string | undefined {
  if (node instanceof Value || node instanceof Builtin) return `{{ ${expression(node)} | toJson }}`;
  if (node instanceof Lines) return `{{ join "\\n" .Values.${node.path} | toJson }}`;
  if (!(node instanceof Text)) return undefined;
  const format = node.parts.map((part) => (typeof part === 'string' ? part.replaceAll('%', '%%') : '%v'));
  const given = node.parts.filter((part) => typeof part !== 'string').map((part) => `(${expression(part)})`);
  return `{{ printf ${JSON.stringify(format.join(''))} ${given.join(' ')} | toJson }}`;
}

function expression(node: Value | Builtin): string {
  if (node instanceof Builtin) return BUILTINS[node.name];
  const path = `.Values.${node.path}`;
  return node.or === undefined ? path : `${path} | default (${BUILTINS[node.or.name]})`;
}

/** A condition in the language of Go templates. */
export function conditionText(condition: Condition): string {
  if ('all' in condition) return `and ${condition.all.map(operand).join(' ')}`;
  if ('any' in condition) return `or ${condition.any.map(operand).join(' ')}`;
  if ('not' in condition) return `not ${operand(condition.not)}`;
  if ('form' in condition) return 'true';
  const path = `.Values.${condition.path}`;
  return condition.is === undefined ? path : `eq ${path} ${JSON.stringify(condition.is)}`;
}

/** The same as an argument of another condition. */
export function operand(condition: Condition): string {
  const written = conditionText(condition);
  return written.includes(' ') ? `(${written})` : written;
}

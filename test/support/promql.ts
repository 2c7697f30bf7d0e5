import { parser } from '@prometheus-io/lezer-promql';

/** What an expression names. */
export interface NamedInPromql {
  readonly metrics: readonly string[];
  /** Labels of matchers and groupings. */
  readonly labels: readonly string[];
}

/** Durations in place of Grafana’s variables, which the grammar does not know. */
const DURATIONS = { $__rate_interval: '1m', $__range: '1h' };

/** The expression as Grafana sends it, with these values of variables. */
export function sentPromql(expr: string, values: Readonly<Record<string, string>> = {}): string {
  const all = { ...DURATIONS, ...values };
  return Object.entries(all).reduce((text, [name, value]) => text.replaceAll(name, value), expr);
}

/** @throws SyntaxError if the grammar of Prometheus does not know the expression */
export function namedInPromql(expr: string): NamedInPromql {
  const [metrics, labels]: string[][] = [[], []];
  const sent = sentPromql(expr);
  parser.parse(sent).iterate({
    enter: ({ type, from, to, node }) => {
      const text = sent.slice(from, to);
      if (type.isError) throw new SyntaxError(`${sent}\n${' '.repeat(from)}^`);
      if (type.name === 'LabelName') labels!.push(text);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics!.push(text);
    },
  });
  return { metrics: metrics!, labels: labels! };
}

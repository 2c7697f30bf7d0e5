/** `c` is a counter, `g` a gauge, `ms` a timer. */
type Kind = 'c' | 'g' | 'ms';

export type Tags = readonly (readonly [string, string])[];

/** How a metric and its tags are written. */
export interface Naming {
  /** Begins each name, with its dot. */
  readonly prefix: string;
  /** Whether tags follow a metric as in DogStatsD. Otherwise their values are parts of its name. */
  readonly hasTags: boolean;
}

/** Collects the lines of StatsD for a second. */
export class MetricLines {
  readonly lines: string[] = [];

  constructor(private readonly naming: Naming) {}

  /** Counts that are 0 are left out. */
  counter(name: string, count: number, tags: Tags = []): void {
    if (count !== 0) this.add(name, count, 'c', tags);
  }

  gauge(name: string, value: number, tags: Tags = []): void {
    // A sign means a change of the gauge.
    if (value < 0 && !this.naming.hasTags) this.add(name, 0, 'g', tags);
    this.add(name, value, 'g', tags);
  }

  /** @param each how many values this one stands for */
  timer(name: string, ms: number, each: number, tags: Tags = []): void {
    this.add(name, ms, 'ms', tags, each === 1 ? '' : `|@${decimal(1 / each, 9)}`);
  }

  private add(name: string, value: number, kind: Kind, tags: Tags, rate = ''): void {
    const { prefix, hasTags } = this.naming;
    const parts = hasTags ? [name] : [...tags.map(([, text]) => part(text)), name];
    const suffix = hasTags && tags.length > 0 ? `|#${tags.map(tagText).join(',')}` : '';
    this.lines.push(`${prefix}${parts.join('.')}:${decimal(value, 6)}|${kind}${rate}${suffix}`);
  }
}

/** A value without an exponent. */
function decimal(value: number, digits: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(digits).replace(/\.?0+$/, '');
}

/** A part of a name: dots would divide it. */
function part(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replaceAll(/^_+|_+$/g, '') || '_';
}

function tagText([name, value]: Tags[number]): string {
  return `${clean(name).replaceAll(':', '_')}:${clean(value)}`;
}

function clean(text: string): string {
  return text.replaceAll(/[,|#\p{Cc}]/gu, '_');
}

/** Joins lines to packets of at most so many bytes. A longer line is a packet of its own. */
export function packets(lines: readonly string[], maxBytes: number): Buffer[] {
  const packed: string[] = [];
  let [packet, bytes] = ['', 0];
  for (const line of lines) {
    const length = Buffer.byteLength(line);
    if (bytes > 0 && bytes + 1 + length > maxBytes) {
      packed.push(packet);
      [packet, bytes] = ['', 0];
    }
    packet += bytes > 0 ? `\n${line}` : line;
    bytes += length + (bytes > 0 ? 1 : 0);
  }
  if (bytes > 0) packed.push(packet);
  return packed.map((text) => Buffer.from(text));
}

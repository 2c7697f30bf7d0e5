import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BroadcastChannel } from 'node:worker_threads';
import { decodeHistogram, encodeHistogram } from '@drumline/stats';
import type { Distribution, Family, Point } from './family.js';

/** How long the output that listens waits for the metrics of the others. */
const ANSWER_WITHIN_MS = 1_000;
const HELLO_WITHIN_MS = 500;

type Sent =
  | { readonly kind: 'hello' | 'host' | 'left' | 'closing' | 'scraped'; readonly from: string }
  | { readonly kind: 'ask'; readonly from: string; readonly question: string }
  | {
      readonly kind: 'answer';
      readonly question: string;
      readonly from: string;
      readonly families: readonly SentFamily[];
    };

type SentPoint = Omit<Point, 'value'> & {
  readonly value: number | (Omit<Distribution, 'histogram'> & { readonly encoded: Uint8Array });
};
type SentFamily = Omit<Family, 'points'> & { readonly points: readonly SentPoint[] };

interface Parts {
  /** The metrics of this output. */
  readonly families: () => readonly Family[];
  /** Called after each scrape. */
  readonly scraped: () => void;
  /** Called when the output that listened has closed: the port is free. */
  readonly vacant: () => void;
}

/**
 * One port for the runs of a service that are side by side, each with a thread of its own. One
 * output listens, and asks the others for their metrics at each scrape. If it ends, another takes
 * the port.
 */
export class SharedPort {
  private readonly channel: BroadcastChannel;
  private readonly id = randomUUID();
  private readonly others = new Set<string>();
  private readonly waiting = new Map<string, (answer: Extract<Sent, { kind: 'answer' }>) => void>();
  private isHost = false;
  private onHost: () => void = () => {};

  constructor(
    address: string,
    private readonly parts: Parts,
  ) {
    this.channel = new BroadcastChannel(`drumline scrape ${address}`);
    this.channel.unref();
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- its types have none
    this.channel.onmessage = (event) => this.receive((event as { data: Sent }).data);
  }

  /** This output listens now. */
  host(): void {
    this.isHost = true;
    this.send({ kind: 'host', from: this.id });
  }

  /** Whether another output of this process listens, and now asks this one, too. */
  async join(): Promise<boolean> {
    const answered = new Promise<boolean>((resolve) => (this.onHost = () => resolve(true)));
    this.send({ kind: 'hello', from: this.id });
    return await Promise.race([answered, pause(HELLO_WITHIN_MS, false, { ref: true })]);
  }

  /** The metrics of all outputs, those of this one first. */
  async all(): Promise<readonly Family[]> {
    if (this.others.size === 0) return this.parts.families();
    const question = randomUUID();
    const answers: (readonly SentFamily[])[] = [];
    const missing = new Set(this.others);
    const complete = new Promise<void>((resolve) => {
      this.waiting.set(question, ({ from, families }) => {
        answers.push(families);
        missing.delete(from);
        if (missing.size === 0) resolve();
      });
    });
    this.send({ kind: 'ask', from: this.id, question });
    await Promise.race([complete, pause(ANSWER_WITHIN_MS)]);
    this.waiting.delete(question);
    return merged([this.parts.families(), ...answers.map((families) => families.map(received))]);
  }

  /** The response was sent. */
  scraped(): void {
    this.parts.scraped();
    if (this.others.size > 0) this.send({ kind: 'scraped', from: this.id });
  }

  close(): void {
    this.send({ kind: this.isHost ? 'closing' : 'left', from: this.id });
    this.channel.close();
  }

  private receive(sent: Sent): void {
    switch (sent.kind) {
      case 'hello':
        if (!this.isHost) return;
        this.others.add(sent.from);
        return this.send({ kind: 'host', from: this.id });
      case 'host':
        return this.onHost();
      case 'left':
        this.others.delete(sent.from);
        return;
      case 'closing':
        return this.parts.vacant();
      case 'scraped':
        return this.parts.scraped();
      case 'ask': {
        const families = this.parts.families().map(sendable);
        return this.send({ kind: 'answer', question: sent.question, from: this.id, families });
      }
      case 'answer':
        return this.waiting.get(sent.question)?.(sent);
    }
  }

  private send(message: Sent): void {
    this.channel.postMessage(message);
  }
}

/** One family for each metric, with the points of all outputs. */
function merged(all: readonly (readonly Family[])[]): Family[] {
  const families = new Map<string, { metric: Family['metric']; points: Point[] }>();
  for (const { metric, points } of all.flat()) {
    const known = families.get(metric.name);
    if (known) known.points.push(...points);
    else families.set(metric.name, { metric, points: [...points] });
  }
  return [...families.values()];
}

/** Histograms cannot be sent between threads. Their bytes can. */
function sendable({ metric: { name, type, help }, points }: Family): SentFamily {
  return {
    metric: { name, type, help },
    points: points.map(({ labels, value }) => {
      if (typeof value === 'number') return { labels, value };
      const { histogram, perUnit, bounds } = value;
      return { labels, value: { perUnit, bounds, encoded: encodeHistogram(histogram) } };
    }),
  };
}

function received({ metric, points }: SentFamily): Family {
  return {
    metric,
    points: points.map(({ labels, value }) => {
      if (typeof value === 'number') return { labels, value };
      const { encoded, ...rest } = value;
      return { labels, value: { ...rest, histogram: decodeHistogram(encoded) } };
    }),
  };
}

import { seriesId, timesParts, type SeriesKey } from '@drumline/model';
import {
  mergeEncoded,
  type IntervalClosed,
  type IntervalCorrected,
  type IntervalDelta,
  type IntervalsReset,
} from '@drumline/stats';
import { LineOutput } from '../line-output.js';
import type { OutputRun } from '../output.js';
import { encodeHdr } from './encode.js';

/** The times that are logged. */
export type LoggedTimes = 'response' | 'service';

interface TimesOfSeries {
  readonly latency: Uint8Array;
  readonly service?: Uint8Array;
}

/**
 * Writes a log of HdrHistogram (version 1.3). Each second has a line without a tag for all requests
 * and a tagged line for each series. Corrections are further lines of their second.
 */
export class HlogOutput extends LineOutput {
  private readonly tags = new Map<string, string>();
  private readonly usedTags = new Set<string>();

  constructor(
    path: string,
    private readonly times: LoggedTimes,
  ) {
    super(path);
  }

  override async open(run: OutputRun): Promise<void> {
    const startedAt = Date.parse(run.startedAt) / 1_000;
    const head = [
      '#[Histogram log format version 1.3]',
      `#[Drumline: ${run.scenario.replaceAll(/\s/g, ' ')}, run ${run.runId}, ${this.times} times in microseconds]`,
      `#[BaseTime: ${startedAt.toFixed(3)} (seconds since epoch)]`,
      `#[StartTime: ${startedAt.toFixed(3)} (seconds since epoch), ${run.startedAt}]`,
      '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ];
    await this.file.begin(run, head.map((text) => `${text}\n`).join(''));
  }

  override interval({ counts }: IntervalClosed): string | undefined {
    return this.lines(counts);
  }

  override correction({ counts }: IntervalCorrected): string | undefined {
    return this.lines(counts);
  }

  reset({ fromSecond }: IntervalsReset): string {
    return `#[Drumline: the statistics were reset, and counting began again with second ${fromSecond}]\n`;
  }

  private lines({ second, series, windows = [], coarseLatency }: IntervalDelta): string | undefined {
    const counted = series.filter(({ key }) => !timesParts(key)).map((one) => this.timesOf(one));
    const all = [...counted, ...(coarseLatency ? [coarseLatency] : [])];
    const lines = [
      ...(all.length > 0 ? [line('', second, 1, all.reduce(mergeEncoded))] : []),
      ...series.map((one) => line(this.tagOf(one.key), second, 1, this.timesOf(one))),
      // Response times that follow the counts of their seconds, because the master was busy.
      ...windows.map(({ key, fromSecond, ...times }) =>
        line(this.tagOf(key), fromSecond, second + 1 - fromSecond, this.timesOf(times)),
      ),
    ].join('');
    return lines === '' ? undefined : lines;
  }

  private timesOf({ latency, service = latency }: TimesOfSeries): Uint8Array {
    return this.times === 'service' ? service : latency;
  }

  /** The tag of a series: `GET_/items,_visitor`, without the characters that end a tag. */
  private tagOf(key: SeriesKey): string {
    const id = seriesId(key);
    const known = this.tags.get(id);
    if (known !== undefined) return known;
    const parts = [key.method, key.name, key.user, ...key.tags.map(([name, value]) => `${name}=${value}`)];
    const text = parts
      .filter((part) => part !== '')
      .join(' ')
      .replaceAll(/[\s,"#]+/g, '_');
    let tag = text;
    for (let number = 2; this.usedTags.has(tag); number += 1) tag = `${text}~${number}`;
    this.tags.set(id, tag);
    this.usedTags.add(tag);
    return tag;
  }
}

/** Empty without values. @param second the first of so many seconds */
function line(tag: string, second: number, seconds: number, times: Uint8Array): string {
  const encoded = encodeHdr(times);
  if (!encoded) return '';
  const { payload, maxUs } = encoded;
  const cells = [second.toFixed(3), seconds.toFixed(3), (maxUs / 1_000).toFixed(3), payload];
  return `${[...(tag === '' ? [] : [`Tag=${tag}`]), ...cells].join(',')}\n`;
}

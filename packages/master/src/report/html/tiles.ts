import { formatBytes } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import { formatCount, formatMs, formatNumber, formatShare } from '../format.js';
import { type Markup, type Part, markup } from './markup.js';

/** Renders the key figures of the run. */
export function renderTiles({ totals, timeline }: RunResult): Markup {
  const { latencyMs: latency, requests, failures } = totals;
  const peakUsers = peak(timeline.map((point) => point.users));
  const peakRate = peak(timeline.map((point) => point.requests));
  return markup`<section class="tiles" aria-label="Totals">
${tile('Requests', formatCount(requests), extraCounts(totals))}
${tile('Rate', [formatNumber(totals.rate), unit('/s')], timeline.length > 0 && `peak ${formatCount(peakRate)}/s`)}
${tile('Failures', formatShare(failures, requests), `${formatCount(failures)} of ${formatCount(requests)}`, failures > 0 ? 'bad' : 'good')}
${tile('Response time, median', inUnits(latency.p50), `mean ${formatMs(latency.mean)}`)}
${tile('Response time, p95', inUnits(latency.p95), `p90 ${formatMs(latency.p90)}`)}
${tile('Response time, p99', inUnits(latency.p99), `max ${formatMs(latency.max)}`)}
${tile('Users, peak', formatCount(peakUsers), perUser(totals.rate, peakUsers))}
${tile('Received', inUnits(totals.bytesReceived, formatBytes), `sent ${formatBytes(totals.bytesSent)}`)}
</section>`;
}

/** Additions to the number of requests. */
function extraCounts({ interrupted, resends = 0 }: RunResult['totals']): string {
  return [
    ...(interrupted > 0 ? [`${formatCount(interrupted)} interrupted`] : []),
    ...(resends > 0 ? [`${formatCount(resends)} resent`] : []),
  ].join(', ');
}

function tile(name: string, value: Part, detail: Part, tone = ''): Markup {
  return markup`<div class="tile ${tone}"><h2>${name}</h2><p class="value">${value}</p><p class="detail">${detail}</p></div>`;
}

/** `12.4 ms` with a smaller unit. */
function inUnits(value: number, format = formatMs): Part {
  const [amount, name] = format(value).split(' ');
  return [amount, unit(` ${name}`)];
}

function unit(name: string): Markup {
  return markup`<small>${name}</small>`;
}

function perUser(rate: number, users: number): string {
  return users === 0 ? '' : `${formatNumber(rate / users)}/s each`;
}

function peak(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

import { statusText, timesParts, type SeriesKey } from '@drumline/model';
import { readTaggedName, type Histogram } from '@drumline/stats';
import type { RunSums } from '../sums/run-sums.js';
import {
  attributesOfSeries,
  attributesOfTags,
  serverAttributes,
  statusAttribute,
  type Attribute,
  type Attributes,
} from './attributes.js';

export interface Instrument {
  readonly name: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly unit: string;
  readonly description: string;
}

/** The metrics that are sent. Names without the prefix `drumline.` are semantic conventions. */
export const INSTRUMENTS = {
  http: histogram('http.client.request.duration', 's', 'Duration of HTTP requests.'),
  rpc: histogram('rpc.client.call.duration', 's', 'Duration of calls.'),
  request: histogram('drumline.request.duration', 's', 'Duration of requests of other protocols.'),
  service: histogram('drumline.request.service.duration', 's', 'Times from the call, if they differ.'),
  part: histogram(
    'drumline.part.duration',
    's',
    'Times of parts of requests, such as messages, and of steps.',
  ),
  requests: sum('drumline.requests', '{request}', 'Requests that ended, with any outcome.'),
  responses: sum('drumline.responses', '{response}', 'Responses by status.'),
  failures: sum('drumline.request.failures', '{request}', 'Failed requests.'),
  interrupted: sum('drumline.requests.interrupted', '{request}', 'Requests that the end interrupted.'),
  errors: sum('drumline.errors', '{request}', 'Failed requests by error.'),
  sent: sum('drumline.sent', 'By', 'Bytes sent, with headers.'),
  received: sum('drumline.received', 'By', 'Bytes received, with headers.'),
  checks: sum('drumline.checks', '{check}', 'Checks by outcome.'),
  exceptions: sum('drumline.exceptions', '{exception}', 'Exceptions of the scenario.'),
  starts: sum('drumline.starts', '{start}', 'Starts by what became of them.'),
  counter: sum('drumline.custom', '1', 'Custom counters.'),
  hits: sum('drumline.custom.rate.hits', '1', 'Hits of custom rates.'),
  observations: sum('drumline.custom.rate.observations', '1', 'Observations of custom rates.'),
  value: gauge('drumline.custom.value', '1', 'Custom gauges.'),
  trend: histogram('drumline.custom.trend', '1', 'Custom trends.'),
  users: gauge('drumline.users', '{user}', 'Running users.'),
  plannedUsers: gauge(
    'drumline.users.planned',
    '{user}',
    'Users that the load asks for; absent if it asks for starts only.',
  ),
  plannedRate: gauge('drumline.rate.planned', '{start}/s', 'Starts per second that the load asks for.'),
  workers: gauge('drumline.workers', '{worker}', 'Workers by state.'),
  busiestLane: gauge('drumline.busiest_lane', '1', 'Busy part of the event loop of the busiest lane.'),
  untrusted: sum('drumline.untrusted', 's', 'Seconds in which the generator was the bottleneck.'),
} as const satisfies Record<string, Instrument>;

export type InstrumentName = keyof typeof INSTRUMENTS;

/** A distribution, with recorded values per unit. */
export interface Values {
  readonly histogram: Histogram;
  readonly perUnit: number;
}

export interface Measured {
  readonly attributes: Attributes;
  readonly value: number | Values;
  /** Of histograms of requests. */
  readonly series?: SeriesKey;
}

type Add = (name: InstrumentName, attributes: Attributes, value: number | Values, series?: SeriesKey) => void;
type Counts = RunSums['counts'];

const US_PER_SECOND = 1e6;
const TREND_PER_UNIT = 1e3;

/**
 * The values of each metric with values.
 * @param target of the run, if it has one
 */
export function measure(sums: RunSums, target?: string): Map<InstrumentName, Measured[]> {
  const measured = new Map<InstrumentName, Measured[]>();
  const add: Add = (name, attributes, value, series) => {
    const one = { attributes, value, ...(series && { series }) };
    const known = measured.get(name);
    if (known) known.push(one);
    else measured.set(name, [one]);
  };
  addSeries(sums.counts, target, add);
  addNamed(sums.counts, add);
  addRare(sums.counts, add);
  addState(sums, add);
  return measured;
}

function addSeries({ series }: Counts, target: string | undefined, add: Add): void {
  for (const { key, tally, errors } of series) {
    const attributes = attributesOfSeries(key);
    const latency = { histogram: tally.latency, perUnit: US_PER_SECOND };
    if (timesParts(key)) {
      add('part', attributes, latency);
      continue;
    }
    const duration = key.protocol === 'http' ? 'http' : key.protocol === 'grpc' ? 'rpc' : 'request';
    add(duration, [...attributes, ...serverAttributes(key, target)], latency, key);
    if (tally.service) add('service', attributes, { histogram: tally.service, perUnit: US_PER_SECOND });
    add('requests', attributes, tally.requests);
    for (const [code, responses] of tally.statuses.delta() ?? [])
      add('responses', [...attributes, statusAttribute(key.protocol, statusText(code))], responses);
    add('failures', attributes, tally.failures);
    add('interrupted', attributes, tally.interrupted);
    add('sent', attributes, tally.bytesSent);
    add('received', attributes, tally.bytesReceived);
    for (const { error, occurrences } of errors.values())
      add('errors', [...attributes, ['error.type', error]], occurrences);
  }
}

/** Checks and custom metrics. */
function addNamed({ checks, metrics }: Counts, add: Add): void {
  for (const { name, passes, fails } of checks.values()) {
    const attributes = ofName('drumline.check', name);
    add('checks', [...attributes, ['drumline.outcome', 'pass']], passes);
    add('checks', [...attributes, ['drumline.outcome', 'fail']], fails);
  }
  for (const metric of metrics.scalars) {
    const attributes = ofName('drumline.metric', metric.name);
    if (metric.kind === 'counter') add('counter', attributes, metric.sum);
    else if (metric.kind === 'gauge') add('value', attributes, metric.last);
    else {
      add('hits', attributes, metric.hits);
      add('observations', attributes, metric.total);
    }
  }
  for (const { name, values } of metrics.trends)
    add('trend', ofName('drumline.metric', name), { histogram: values, perUnit: TREND_PER_UNIT });
}

function ofName(attribute: string, text: string): Attribute[] {
  const { name, tags } = readTaggedName(text);
  return [[attribute, name], ...attributesOfTags(tags)];
}

function addRare({ exceptions, schedule }: Counts, add: Add): void {
  let thrown = 0;
  for (const { occurrences } of exceptions.values()) thrown += occurrences;
  if (thrown > 0) add('exceptions', [], thrown);
  for (const { user, phase, started, late, dropped, skipped } of schedule.totals()) {
    const attributes: Attribute[] = [['drumline.user', user]];
    if (phase !== '') attributes.push(['drumline.phase', phase]);
    const outcomes = { on_time: started - late, late, dropped, skipped };
    for (const [outcome, starts] of Object.entries(outcomes))
      add('starts', [...attributes, ['drumline.outcome', outcome]], starts);
  }
}

function addState({ state, untrustedSeconds }: RunSums, add: Add): void {
  add('untrusted', [], untrustedSeconds);
  if (state === undefined) return;
  add('users', [], state.users);
  add('plannedUsers', [], state.plannedUsers);
  if (state.plannedRate !== undefined) add('plannedRate', [], state.plannedRate);
  add('workers', [['drumline.state', 'present']], state.workers.present);
  add('workers', [['drumline.state', 'missing']], state.workers.missing);
  add('busiestLane', [], state.busiestLane);
}

function histogram(name: string, unit: string, description: string): Instrument {
  return { name, kind: 'histogram', unit, description };
}

function sum(name: string, unit: string, description: string): Instrument {
  return { name, kind: 'sum', unit, description };
}

function gauge(name: string, unit: string, description: string): Instrument {
  return { name, kind: 'gauge', unit, description };
}

import type { PlanProblem } from '@drumline/model';
import { count, duration, must, object, oneOf, record, some, text, works } from '../http/check/checks.js';
import { tls } from '../http/check/tls.js';
import { checkHeader } from '../native/request-rules.js';
import type { MetadataValue, ServiceOptions } from './client/options.js';

const target = must(
  isTarget,
  'is no target',
  "'bank.example:50051', 'http://bank.example:50051' or 'https://bank.example'",
);

const bytes = must(
  (value) => value instanceof Uint8Array,
  'is not bytes',
  'names that end with -bin hold bytes',
);

const value = must(
  (it) => it === undefined || it === null || ['string', 'number', 'boolean'].includes(typeof it),
  'is no text',
);

const metadata = record((given: unknown, where, name) => {
  const known = works(() => checkHeader(name, ''));
  if (known !== true) return [{ where, message: known }];
  if (/-bin$/i.test(name)) return given === undefined ? [] : some(bytes)(given, where);
  const problems = some(value)(given, where);
  if (problems.length > 0) return problems;
  return [given as MetadataValue].flat().flatMap((one) => {
    const verdict = works(() => checkHeader(name, String(one)));
    return verdict === true ? [] : [{ where, message: verdict }];
  });
});

const options = object<ServiceOptions>({
  target,
  channels: (channels, where) =>
    channels === 'user'
      ? []
      : must(
          (it) => Number.isInteger(it) && (it as number) >= 1,
          'is no number of channels',
          "a whole number of at least 1, or 'user': one for every user",
        )(channels, where),
  maxStreams: count(1),
  deadline: duration,
  connectTimeout: duration,
  metadata,
  tls,
  authority: text,
  maxReceiveBytes: count(0),
  maxSendBytes: count(1),
  compression: oneOf('gzip'),
  keepAlive: (given, where) => {
    const problems = object<NonNullable<ServiceOptions['keepAlive']>>({ every: duration, timeout: duration })(
      given,
      where,
    );
    if (problems.length > 0 || (given as { every?: unknown }).every !== undefined) return problems;
    return [{ where, message: 'does not say how often', hint: "keepAlive: { every: '30s' }" }];
  },
  engine: oneOf('native', 'grpc-js'),
});

/**
 * Everything wrong with the options of a service, looked at without trust.
 * @param where their place in the scenario
 */
export function findGrpcProblems(given: unknown, where: string): PlanProblem[] {
  return options(given, where);
}

/** `host:port`, or the URL of a host. */
function isTarget(given: unknown): boolean {
  if (typeof given !== 'string') return false;
  if (/^https?:\/\//i.test(given)) return URL.canParse(given);
  return /^[^/]+:\d+$/.test(given) && URL.canParse(`http://${given}`);
}

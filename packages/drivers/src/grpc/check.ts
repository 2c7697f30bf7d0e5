import type { PlanProblem } from '@drumline/model';
import { count, duration, must, object, oneOf, record, text, works } from '../settings/checks.js';
import { tls } from '../settings/tls-check.js';
import { MetadataLists } from './client/metadata.js';
import type { MetadataValue, ServiceOptions } from './client/options.js';
import type { ReflectSettings } from './client/reflect.js';
import { originOf } from './client/target.js';

const target = must(
  (value) => works(() => originOf(String(value), false)) === true && typeof value === 'string',
  'is not a valid target',
  "use 'bank.example:50051', 'http://bank.example:50051' or 'https://bank.example'",
);

const metadata = record((value, where, name) => {
  if (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    value !== null
  ) {
    return [{ where, message: 'an object is not a metadata value' }];
  }
  const verdict = works(() => new MetadataLists({ [name]: value as MetadataValue }));
  return verdict === true ? [] : [{ where, message: verdict.replace(/^metadata: /, '') }];
});

/** Options of a server with reflection, and of every service. */
const connection = {
  deadline: duration,
  connectTimeout: duration,
  metadata,
  tls,
  authority: text,
};

const reflection = object<ReflectSettings>(connection);

const options = object<ServiceOptions>({
  ...connection,
  target,
  channels: (channels, where) =>
    channels === 'user'
      ? []
      : must(
          (it) => Number.isInteger(it) && (it as number) >= 1,
          'is not a number of channels',
          "use a whole number of at least 1, or 'user' for one connection per user",
        )(channels, where),
  maxStreams: count(1),
  maxReceiveBytes: count(0),
  maxSendBytes: count(1),
  compression: oneOf('gzip'),
  keepAlive: (given, where) => {
    const problems = object<NonNullable<ServiceOptions['keepAlive']>>({ every: duration, timeout: duration })(
      given,
      where,
    );
    if (problems.length > 0 || (given as { every?: unknown }).every !== undefined) return problems;
    return [{ where, message: 'every is missing', hint: "for example keepAlive: { every: '30s' }" }];
  },
  engine: oneOf('native', 'grpc-js'),
});

/**
 * Collects all problems in the options of a service, which are untrusted input.
 * @param where their place in the scenario
 */
export function findGrpcProblems(given: unknown, where: string): PlanProblem[] {
  return options(given, where);
}

/**
 * Collects all problems in the settings of a server with reflection.
 * @param where its place in the scenario
 */
export function findReflectProblems(given: unknown, where: string): PlanProblem[] {
  return reflection(given, where);
}

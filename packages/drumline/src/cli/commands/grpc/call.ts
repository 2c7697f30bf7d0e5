import { readFileSync } from 'node:fs';
import type { GrpcEnding, GrpcMethod, ProtoSchema } from '@drumline/drivers/grpc';
import { closest, DrumlineError, EXIT_CODES, messageOf } from '@drumline/model';
import { defineCommand } from '../../command.js';
import { schemaFor, withUserErrors } from '../../grpc-schema.js';
import { serverOptions, serviceOptions, targetPositional } from '../../options/grpc.js';
import { optionError } from '../../options/values.js';

export const grpcCall = defineCommand({
  usage: 'grpc call <target> <method>',
  about: 'Call a method of a gRPC server and print its replies as JSON',
  positionals: {
    target: targetPositional,
    method: {
      type: 'string',
      demandOption: true,
      describe: 'SERVICE/METHOD, for example bank.Accounts/GetBalances',
    },
  },
  options: {
    data: {
      alias: 'd',
      type: 'string',
      requiresArg: true,
      default: '{}',
      describe:
        'The message as JSON, or an array of messages for a stream; @FILE reads a file, - reads standard input',
    },
    ...serverOptions,
  },
  examples: [
    [
      `localhost:50051 bank.Accounts/GetBalances -d '{"ids": [1, 2]}'`,
      'Call a server with reflection, without TLS',
    ],
    [
      'https://bank.example:443 bank.Accounts/Watch --proto accounts.proto -d @watch.json',
      'Call a server with TLS, using its .proto file',
    ],
    [
      `localhost:50051 bank.Accounts/Deposit -d '[{"cents": 5}, {"cents": 7}]' -m tenant=a`,
      'Send a stream of two messages',
    ],
  ],
  run: async ({ method: path, data, ...args }) => {
    const sent = readData(data);
    const schema = await schemaFor(args);
    const method = findMethod(schema, path);
    const isStream = method.kind === 'clientStream' || method.kind === 'bidiStream';
    if (Array.isArray(sent) && !isStream)
      throw optionError('data', `${path} takes one message, not an array`);
    const { callPlainly, messageToJson } = await import('@drumline/drivers/grpc');
    const messages = (isStream ? [sent].flat() : [sent]) as object[];
    const onMessage = (message: object): void => console.log(JSON.stringify(messageToJson(message), null, 2));
    const ending = await withUserErrors(
      callPlainly({ schema, method, messages, onMessage }, serviceOptions(args)),
    );
    if (ending.status === 'OK') return undefined;
    for (const line of describeFailure(ending, args.target, messageToJson)) console.error(line);
    return EXIT_CODES['requests-failed'].exitCode;
  },
});

function readData(data: string): unknown {
  let text = data;
  try {
    if (data === '-') text = readFileSync(0, 'utf8');
    else if (data.startsWith('@')) text = readFileSync(data.slice(1), 'utf8');
  } catch (error) {
    throw optionError('data', `the file cannot be read: ${messageOf(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw optionError('data', `not valid JSON: ${messageOf(error)}`, `Write for example --data '{"id": 7}'.`);
  }
}

function findMethod(schema: ProtoSchema, path: string): GrpcMethod {
  const [, serviceName, methodName] = /^\/?(.+)[/.]([^/.]+)$/.exec(path) ?? [];
  const service = serviceName === undefined ? undefined : schema.services.get(serviceName);
  const method = methodName === undefined ? undefined : service?.methods.get(methodName);
  if (method !== undefined) return method;
  const reasons = schema.unusable.get(serviceName ?? '') ?? [];
  const isLeftOut =
    (service?.methods.size ?? 0) === 0 || reasons.some((one) => one.startsWith(`${methodName} `));
  if (reasons.length > 0 && isLeftOut) {
    throw new DrumlineError('usage', `${path} cannot be called: ${reasons.join('; ')}`);
  }
  const paths = [...schema.services.values()].flatMap(({ methods }) =>
    [...methods.values()].map((one) => one.path.slice(1)),
  );
  const meant = closest(path, paths);
  throw new DrumlineError(
    'usage',
    `there is no method ${path}`,
    meant === undefined ? `Methods: ${paths.join(', ') || 'none'}.` : `Did you mean ${meant}?`,
  );
}

function describeFailure(
  { status, code, details, errorDetails }: GrpcEnding,
  target: string,
  toJson: (message: object) => unknown,
): string[] {
  const where = status === 'UNAVAILABLE' ? ` (${target})` : '';
  return [
    `${status} (${code})${details === '' ? '' : `: ${details}`}${where}`,
    ...errorDetails.map(({ type, value }) => {
      const shown: unknown =
        typeof value === 'object' && value !== null ? toJson(value as object) : undefined;
      return `  ${type}${shown === undefined ? '' : ` ${JSON.stringify(shown)}`}`;
    }),
  ];
}

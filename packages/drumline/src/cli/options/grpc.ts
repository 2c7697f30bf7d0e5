import { readFileSync } from 'node:fs';
import type { ServiceOptions } from '@drumline/drivers/grpc';
import { messageOf } from '@drumline/model';
import { positiveDuration, stringList, optionError } from './values.js';

const schema = 'Schema:';
const connection = 'Connection:';

/** The option for directories of imported .proto files. */
export const includeOption = {
  include: stringList({
    alias: 'I',
    group: schema,
    describe: 'Additional directories for imports of .proto files',
  }),
} as const;

/** Options of commands that call a gRPC server. */
export const serverOptions = {
  proto: stringList({
    group: schema,
    describe: '.proto files or protosets, for a server without reflection',
  }),
  ...includeOption,
  metadata: {
    alias: 'm',
    type: 'string',
    requiresArg: true,
    group: connection,
    describe: 'NAME=VALUE, sent with every call; separate several with commas; base64 if NAME ends with -bin',
    read: readMetadata,
  },
  deadline: positiveDuration('deadline', {
    default: '30s',
    group: connection,
    describe: 'Deadline of each call',
  }),
  authority: {
    type: 'string',
    requiresArg: true,
    group: connection,
    describe: 'Value of :authority, instead of the target’s host',
  },
  ca: file('ca', 'PEM file with the CA certificates to trust, instead of the system’s'),
  cert: file('cert', 'PEM file with a client certificate'),
  key: file('key', 'PEM file with the private key of the client certificate'),
  'insecure-skip-verify': {
    type: 'boolean',
    default: false,
    group: connection,
    describe: 'Accept any server certificate',
  },
} as const;

export const targetPositional = {
  type: 'string',
  demandOption: true,
  describe: 'HOST:PORT or http://HOST:PORT without TLS, https://HOST:PORT with TLS',
} as const;

/** The values of the server options. */
export interface ServerArguments {
  readonly target: string;
  readonly metadata: Readonly<Record<string, (string | Uint8Array)[]>> | undefined;
  readonly deadline: number;
  readonly authority: string | undefined;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly insecureSkipVerify: boolean;
}

export function serviceOptions(args: ServerArguments): ServiceOptions {
  const { target, metadata = {}, deadline, authority, ca, cert, key, insecureSkipVerify } = args;
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(insecureSkipVerify && { rejectUnauthorized: false }),
  };
  return {
    target,
    metadata,
    deadline,
    maxReceiveBytes: 0,
    ...(authority !== undefined && { authority }),
    ...(Object.keys(tls).length > 0 && { tls }),
  };
}

function file<const Name extends string>(name: Name, describe: string) {
  const read = (value: unknown): string => {
    try {
      return readFileSync(String(value), 'utf8');
    } catch (error) {
      throw optionError(name, `the file cannot be read: ${messageOf(error)}`);
    }
  };
  return { type: 'string', requiresArg: true, group: connection, describe, read } as const;
}

function readMetadata(value: unknown): Record<string, (string | Uint8Array)[]> {
  const metadata: Record<string, (string | Uint8Array)[]> = {};
  // A comma separates entries only if NAME= follows. Otherwise it belongs to the value.
  for (const text of String(value).split(/,(?=\s*[\w.-]+\s*=)/)) {
    const at = text.indexOf('=');
    if (at < 1)
      throw optionError('metadata', `'${text}' is not NAME=VALUE`, 'Write for example --metadata tenant=a.');
    const name = text.slice(0, at).trim();
    (metadata[name] ??= []).push(readMetadataValue(name, text.slice(at + 1)));
  }
  return metadata;
}

/** Decodes base64 for `-bin` names, as grpcurl does: both alphabets, padding optional. */
function readMetadataValue(name: string, text: string): string | Uint8Array {
  if (!name.toLowerCase().endsWith('-bin')) return text;
  if (/^\s*(?:[\w+/-]{4})*(?:[\w+/-]{2,3})?={0,2}\s*$/.test(text)) return Buffer.from(text, 'base64');
  throw optionError(
    'metadata',
    `the value of ${name} is not base64`,
    `The values of names that end with -bin are bytes: --metadata ${name}=$(printf … | base64).`,
  );
}

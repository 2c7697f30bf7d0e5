import { Metadata } from '@grpc/grpc-js';
import { bidi, serveGrpc, type GrpcServerOptions, type GrpcTestServer } from './grpc-servers.js';

/** Instructions for a scripted server. The first message of a call contains them as JSON. */
export interface Script {
  /** Binary values are base64. */
  readonly initial: readonly Field[];
  /** The size of each, sent before anything else is read. */
  readonly messages: readonly number[];
  /** Echoes the messages that follow. */
  readonly echo: boolean;
  /** Starts with a message that contains the call's metadata with names that begin with `x-`. */
  readonly mirror: boolean;
  readonly status: number;
  readonly details: string;
  readonly trailers: readonly Field[];
  /** Compresses its messages, if it can. */
  readonly gzip: boolean;
}

export type Field = readonly [name: string, value: string];

export const SCRIPTED = '/test.Scripted/Play';

/** A scripted server of grpc-js. It cannot compress. */
export function serveScripts(options: GrpcServerOptions = {}): Promise<GrpcTestServer> {
  const play = bidi((call) => {
    let script: Script | undefined;
    call.on('error', () => {});
    call.on('data', (message: Buffer) => {
      if (script !== undefined) {
        if (script.echo) call.write(message);
        return;
      }
      script = JSON.parse(message.toString()) as Script;
      if (script.initial.length > 0) call.sendMetadata(metadata(script.initial));
      if (script.mirror) call.write(Buffer.from(JSON.stringify(mirrored(call.metadata))));
      for (const length of script.messages) call.write(Buffer.alloc(length, 'm'));
    });
    call.on('end', () => {
      const { status, details, trailers } = script!;
      if (status === 0) call.end(metadata(trailers));
      else call.emit('error', { code: status, details, metadata: metadata(trailers) });
    });
  });
  return serveGrpc({ [SCRIPTED]: play }, options);
}

function metadata(fields: readonly Field[]): Metadata {
  const all = new Metadata();
  for (const [name, value] of fields)
    all.add(name, name.endsWith('-bin') ? Buffer.from(value, 'base64') : value);
  return all;
}

function mirrored(received: Metadata): string[][] {
  return Object.entries(received.toJSON())
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, values]) => [
      name,
      ...values.map((value) => (typeof value === 'string' ? value : value.toString('base64'))),
    ])
    .sort(([a], [b]) => (a! < b! ? -1 : 1));
}

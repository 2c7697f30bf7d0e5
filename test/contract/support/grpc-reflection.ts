import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { bidi, type TestMethod } from './grpc-servers.js';

/** The messages of the reflection service that a server needs. */
const MESSAGES = protobuf.parse(
  `syntax = "proto3";
message Question { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; }
message Answer { Files file_descriptor_response = 4; Services list_services_response = 6; Problem error_response = 7; }
message Files { repeated bytes file_descriptor_proto = 1; }
message Services { repeated Service service = 1; }
message Service { string name = 1; }
message Problem { int32 error_code = 1; string error_message = 2; }`,
  new protobuf.Root(),
).root;
const Question = MESSAGES.lookupType('Question');
const Answer = MESSAGES.lookupType('Answer');

interface File {
  name: string;
  package: string;
  dependency: string[];
  service: { name: string }[];
  messageType: { field: { jsonName?: string }[] }[];
}

/**
 * Files as compiled into servers, without JSON names.
 * @param sources .proto texts by name, each in its own package
 */
export function compile(sources: Readonly<Record<string, string>>): File[] {
  const root = new protobuf.Root();
  const parsed = Object.entries(sources).map(([name, source]) => ({ name, ...protobuf.parse(source, root) }));
  for (const needed of new Set(parsed.flatMap(({ imports = [] }) => imports))) {
    const known = protobuf.common.get(needed);
    if (known !== null) root.addJSON(known.nested!);
  }
  root.resolveAll();
  const { file: compiled } = root.toDescriptor('proto3') as unknown as { file: File[] };
  return parsed.map(({ name, package: inside, imports = [] }) => {
    const file = compiled.find((one) => one.package === inside)!;
    for (const { field } of file.messageType) for (const one of field) delete one.jsonName;
    return Object.assign(file, { name, dependency: imports });
  });
}

/** Unusual behavior of a server. */
export interface Oddities {
  /** Services that it lists in addition to those of its files. */
  readonly listed?: readonly string[];
  /** It ends the call at a request that it cannot answer. */
  readonly endsAtUnknown?: boolean;
}

/**
 * A reflection service that sends one file at a time.
 * @param calls receives the version of each call
 */
export function reflection(
  version: 'v1' | 'v1alpha',
  files: readonly File[],
  calls: string[] = [],
  { listed: more = [], endsAtUnknown = false }: Oddities = {},
): Record<string, TestMethod> {
  const names = [
    ...files.flatMap((file) => file.service.map(({ name }) => `${file.package}.${name}`)),
    ...more,
  ];
  const answer = ({ fileByFilename, fileContainingSymbol }: Record<string, string>): object => {
    const found = files.find(
      (file) =>
        file.name === fileByFilename ||
        file.service.some(({ name }) => `${file.package}.${name}` === fileContainingSymbol),
    );
    if (found === undefined) return { errorResponse: { errorCode: 5, errorMessage: 'not found' } };
    return {
      fileDescriptorResponse: {
        fileDescriptorProto: [descriptor.FileDescriptorProto.encode(found).finish()],
      },
    };
  };
  return {
    [`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`]: bidi((call) => {
      calls.push(version);
      call.on('data', (bytes: Buffer) => {
        const question = Question.decode(bytes) as unknown as Record<string, string>;
        const listed = { listServicesResponse: { service: names.map((name) => ({ name })) } };
        const isUnknown = 'errorResponse' in answer(question) && !Object.hasOwn(question, 'listServices');
        if (endsAtUnknown && isUnknown) {
          call.emit('error', { code: 5, details: 'not found' });
          return;
        }
        const said = Object.hasOwn(question, 'listServices') ? listed : answer(question);
        call.write(Buffer.from(Answer.encode(said).finish()));
      });
      call.on('end', () => call.end());
    }),
  };
}

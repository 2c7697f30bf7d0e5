import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import { defineCommand } from '../../command.js';
import { includeOption } from '../../options/grpc.js';

export const grpcTypes = defineCommand({
  usage: 'grpc types <files..>',
  about: 'Write TypeScript types for gRPC services, to catch wrong methods and fields at compile time',
  positionals: {
    files: { type: 'string', array: true, demandOption: true, describe: '.proto files or protosets' },
  },
  options: {
    ...includeOption,
    output: {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      describe: 'File to write, next to the scenario: NAME.d.ts; by default stdout',
    },
  },
  examples: [
    ['accounts.proto -o accounts.d.ts', 'Write types for the editor and drumline check'],
    ['protos/bank/*.proto -I protos -o bank.d.ts', 'Resolve imports from protos'],
  ],
  run: async ({ files, include, output }) => {
    const { loadSchema, writeTypes } = await import('@drumline/drivers/grpc');
    const schema = loadSchema(files, { includeDirs: include ?? [] });
    if (schema.services.size === 0) {
      throw new DrumlineError('scenario-invalid', `there is no service in ${files.join(', ')}`);
    }
    const of = files.map((file) => basename(file)).join(' ');
    const text = writeTypes(schema, [
      `Written by \`drumline grpc types ${of}\`: write it anew when they change.`,
    ]);
    if (output === undefined || output === '-') {
      process.stdout.write(text);
      return;
    }
    try {
      writeFileSync(output, text);
    } catch (error) {
      throw new DrumlineError('output-unwritable', `the types cannot be written: ${messageOf(error)}`);
    }
    console.log(`Wrote ${output}: ${[...schema.services.keys()].join(', ')}.`);
  },
});

import type { MethodKind } from '@drumline/drivers/grpc';
import { columns } from '../../columns.js';
import { defineCommand } from '../../command.js';
import { schemaFor, withUserErrors } from '../../grpc-schema.js';
import { serverOptions, targetPositional } from '../../options/grpc.js';

const KINDS: Readonly<Record<MethodKind, string>> = {
  unary: 'unary',
  serverStream: 'server stream',
  clientStream: 'client stream',
  bidiStream: 'bidi',
};

export const grpcList = defineCommand({
  usage: 'grpc list <target> [service]',
  about: 'Show the services of a gRPC server, or the methods and messages of one of them',
  positionals: {
    target: targetPositional,
    service: { type: 'string', describe: 'Full name of the service; by default, all services are listed' },
  },
  options: serverOptions,
  examples: [
    ['localhost:50051', 'List services and methods, using reflection'],
    ['localhost:50051 bank.Accounts', 'Show the methods and messages of a service in .proto syntax'],
    ['https://bank.example:443 --proto accounts.proto', 'List the services of a .proto file'],
  ],
  run: async ({ service, ...args }) => {
    const schema = await schemaFor(args);
    const { describeService } = await import('@drumline/drivers/grpc');
    if (service !== undefined) {
      console.log(await withUserErrors(Promise.resolve().then(() => describeService(schema, service))));
      return;
    }
    for (const [name, reasons] of schema.unusable) {
      for (const reason of reasons) console.error(`warning: ${name}: ${reason}`);
    }
    for (const { name, methods } of schema.services.values()) {
      if (methods.size === 0 && schema.unusable.has(name)) continue;
      console.log(name);
      const rows = [...methods.values()].map(({ name: method, kind }) => [`  ${method}`, KINDS[kind]]);
      if (rows.length > 0) console.log(columns(rows));
    }
  },
});

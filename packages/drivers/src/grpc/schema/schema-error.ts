import { DrumlineError } from '@drumline/model';

/**
 * What is wrong with .proto files or protosets: every problem, each with its file and, where it is
 * known, its line.
 */
export class SchemaError extends DrumlineError {
  constructor(readonly problems: readonly string[]) {
    super('scenario-invalid', problems.join('\n'));
  }
}

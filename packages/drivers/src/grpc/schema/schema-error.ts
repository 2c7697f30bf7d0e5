import { DrumlineError } from '@drumline/model';

/** The problems of .proto files or protosets, each with its file and, if known, its line. */
export class SchemaError extends DrumlineError {
  constructor(readonly problems: readonly string[]) {
    super('scenario-invalid', problems.join('\n'));
  }
}

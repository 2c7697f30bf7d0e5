import { readFileSync } from 'node:fs';
import { decodeMasterMessage, decodeWorkerMessage } from '@drumline/wire';

/** A message as plain data, to be modified. */
export type Message = Record<string, unknown>;

const golden = JSON.parse(
  readFileSync(new URL('../../../test/contract/wire-golden.json', import.meta.url), 'utf8'),
) as { messages: Record<string, string> };

/** The bytes of one message of each type, in both directions. */
export const SAMPLE_FRAMES: readonly Buffer[] = Object.values(golden.messages).map((hex) =>
  Buffer.from(hex, 'hex'),
);

/** The messages of workers, decoded, by type. */
export const WORKER_SAMPLES: Readonly<Record<string, Message>> = Object.fromEntries(
  SAMPLE_FRAMES.flatMap((frame) => {
    try {
      const message = decodeWorkerMessage(frame) as unknown as Message;
      return [[message['type'] as string, message]];
    } catch {
      decodeMasterMessage(frame);
      return [];
    }
  }),
);

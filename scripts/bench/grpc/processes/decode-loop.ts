// Decodes an answer with a given number of accounts in a loop, and writes the count to a file. The
// file can be read while this process is stopped.
import { openSync, writeSync } from 'node:fs';
import { balancesReply, typeOf } from '../messages.js';

/** Messages decoded between two writes of the count, so that a write costs next to nothing. */
const NOTE_EVERY = 10;

const file = openSync(process.argv[2]!, 'w');
const accounts = Number(process.argv[3]);
const bytes = balancesReply(accounts);
const type = typeOf('BalancesReply');
const note = new Float64Array(1);

for (;;) {
  for (let index = 0; index < NOTE_EVERY; index += 1) {
    const { balances } = type.decode(bytes) as unknown as { balances: readonly unknown[] };
    if (balances.length !== accounts) throw new Error(`${balances.length} accounts`);
  }
  note[0]! += NOTE_EVERY;
  writeSync(file, note, 0, note.byteLength, 0);
}

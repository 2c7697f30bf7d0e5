// Decodes an answer of so many accounts over and over, and writes how often into a file: that can be read also while it is held.
import { openSync, writeSync } from 'node:fs';
import { balancesReply, typeOf } from '../messages.js';

/** Decoded between two notes: a note must cost next to nothing. */
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

// Hashes a file in a thread of its own, while another thread scans it.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const bytes = Buffer.allocUnsafeSlow(1024 * 1024);
const hash = createHash('sha256');
const file = openSync(workerData as string, 'r');
for (let read; (read = readSync(file, bytes, 0, bytes.length, null)) > 0;)
  hash.update(read === bytes.length ? bytes : bytes.subarray(0, read));
closeSync(file);
parentPort!.postMessage(hash.digest('hex'));

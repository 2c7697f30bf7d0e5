import { formatCount } from '../format-count.js';
import { formatBytes } from '../units.js';
import { unknownHere, type Diagnosis } from './diagnosis.js';
import type { MachineLimits } from './machine-limits.js';
import type { WorkerNeeds } from './needs.js';

/** A shorter queue overflows if hundreds of workers connect at once. */
const LEAST_BACKLOG = 1_024;
/** Smaller buffers limit the throughput of a connection over a distance. */
const LEAST_BUFFER_BYTES = 1_000_000;
/** A round trip over a long distance, for the throughput that buffers allow. */
const ROUND_TRIP_SECONDS = 0.1;
/** Memory of the smallest buffers of a connection, bytes. */
const LEAST_BYTES_OF_CONNECTION = 8_192;

/** Whether a master can queue the connections of workers that arrive at once. */
export function judgeBacklog({ backlog }: MachineLimits): Diagnosis {
  const check = 'somaxconn';
  if (backlog === undefined) return unknownHere(check);
  const found = {
    check,
    value: formatCount(backlog),
    allows: `${formatCount(backlog)} workers that connect at once`,
  };
  if (backlog >= LEAST_BACKLOG) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: 'further connections of workers, or of users to a target here, wait a second or more',
    remedy: 'sysctl -w net.core.somaxconn=4096',
  };
}

/** Whether the buffers of a connection limit its throughput, and their sum the connections. */
export function judgeBuffers(limits: MachineLimits, { connections }: WorkerNeeds): Diagnosis {
  const check = 'TCP buffers';
  const { receiveBufferBytes: receive, sendBufferBytes: send, tcpBytes = Infinity } = limits;
  if (receive === undefined || send === undefined) return unknownHere(check);
  const total = tcpBytes === Infinity ? '' : `; ${formatBytes(tcpBytes)} in all`;
  const found = {
    check,
    value: `up to ${formatBytes(receive)} to receive, ${formatBytes(send)} to send${total}`,
    allows: `${formatBytes(Math.min(receive, send) / ROUND_TRIP_SECONDS)}/s of a connection with a round trip of 100 ms`,
  };
  if (connections * LEAST_BYTES_OF_CONNECTION > tcpBytes)
    return {
      ...found,
      grade: 'tight',
      problem: `${formatCount(connections)} connections need more memory than TCP may use`,
      remedy: 'raise net.ipv4.tcp_mem with sysctl -w; or more machines',
    };
  if (Math.min(receive, send) >= LEAST_BUFFER_BYTES) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: 'large bodies are slow over a long distance',
    remedy: `sysctl -w net.ipv4.tcp_${send < receive ? 'wmem="4096 65536' : 'rmem="4096 131072'} 16777216"`,
  };
}

import { formatCount } from '../format-count.js';
import { unknownHere, type Diagnosis } from './diagnosis.js';
import type { MachineLimits } from './machine-limits.js';
import type { WorkerNeeds } from './needs.js';

/** Approximate number of open files of a lane before its first connection. */
const OWN_FILES = 40;
/** How long Linux keeps the port of a connection that this side has closed, seconds. */
const TIME_WAIT_SECONDS = 60;
/** A port that may be used again waits this long, seconds. */
const REUSE_SECONDS = 1;
/** The ports from 1024 on. */
const MOST_PORTS = 64_512;

/** Whether the lanes of a worker may open their connections. */
export function judgeOpenFiles({ openFiles }: MachineLimits, { fullestLane }: WorkerNeeds): Diagnosis {
  const check = 'open files';
  if (openFiles === undefined) return unknownHere(check);
  const room = Math.max(0, openFiles - OWN_FILES);
  const found = {
    check,
    value: `${formatCount(openFiles)} per process`,
    allows: `${formatCount(room)} connections of each lane`,
  };
  const { connections, kept } = fullestLane;
  if (connections <= room) return { ...found, grade: 'ok' };
  const limit = `a process may open only ${formatCount(openFiles)} files (ulimit -n)`;
  const raise = `ulimit -n ${enoughFiles(connections)}, in the shell that starts the worker`;
  return {
    ...found,
    grade: kept > room ? 'breaks' : 'tight',
    problem: `a lane needs ${upTo(connections, kept)} connections, but ${limit}`,
    remedy: `${raise}; or more lanes or workers`,
  };
}

/** Whether the worker has enough local ports for the connections to one address of the target. */
export function judgePorts({ localPorts }: MachineLimits, needs: WorkerNeeds): Diagnosis {
  const check = 'local ports';
  if (localPorts === undefined) return unknownHere(check);
  const { connections, kept, sourceAddresses, target } = needs;
  const ports = localPorts * sourceAddresses;
  const from = sourceAddresses === 1 ? '' : ` from ${sourceAddresses} local addresses`;
  const found = {
    check,
    value: `${formatCount(localPorts)} from each local address`,
    allows: `${formatCount(ports)} connections to one address`,
  };
  if (connections <= ports) return { ...found, grade: 'ok' };
  const isCertain = kept > ports && target !== 'any';
  return {
    ...found,
    grade: isCertain ? 'breaks' : 'tight',
    problem: `the users need ${upTo(connections, kept)} connections, but the machine has only ${formatCount(ports)} local ports for one target address${from}`,
    remedy: [
      ...(localPorts < MOST_PORTS ? ['sysctl -w net.ipv4.ip_local_port_range="1024 65535"'] : []),
      'more local addresses (http.localAddresses)',
      'shared connections (http.sharedConnections)',
      'more machines',
    ].join('; or '),
  };
}

/** How many connections per second the ports allow if this side closes them. */
export function judgeNewConnections(limits: MachineLimits, needs: WorkerNeeds): Diagnosis {
  const check = 'TIME_WAIT';
  const { localPorts, timeWaitReuse, timeWait } = limits;
  if (localPorts === undefined || timeWaitReuse === undefined) return unknownHere(check);
  const { opened, sourceAddresses, target } = needs;
  const isReused = timeWaitReuse === 1 || (timeWaitReuse === 2 && target === 'loopback');
  const seconds = isReused ? REUSE_SECONDS : TIME_WAIT_SECONDS;
  const ports = localPorts * sourceAddresses;
  const perSecond = Math.floor(ports / seconds);
  const found = {
    check,
    value: `${timeWait === undefined ? '' : `${formatCount(timeWait)} connections now; `}a closed connection keeps its port for ${seconds} s`,
    allows: `${formatCount(perSecond)} new connections/s to one address`,
  };
  if (opened <= perSecond) return { ...found, grade: 'ok' };
  const after = Math.max(1, Math.floor(ports / opened));
  return {
    ...found,
    grade: 'tight',
    problem: `the users open ${formatCount(opened)} connections per second, and close them; ${formatCount(ports)} ports last for ${formatCount(after)} s`,
    remedy: [
      ...(isReused ? [] : ['sysctl -w net.ipv4.tcp_tw_reuse=1']),
      'users that stay (--rate instead of --arrivals)',
      'more local addresses (http.localAddresses)',
    ].join('; or '),
  };
}

function upTo(connections: number, kept: number): string {
  return `${kept >= connections ? '' : 'up to '}${formatCount(connections)}`;
}

/** A common limit with room for these connections. */
function enoughFiles(connections: number): number {
  const needed = connections + 2 * OWN_FILES;
  return [65_536, 262_144, 1_048_576].find((limit) => limit >= needed) ?? needed;
}

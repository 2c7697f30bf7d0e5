/**
 * Limits that a machine sets for its processes, and what is used of them. An absent field is not
 * known on this system.
 */
export interface MachineLimits {
  /** Files, including connections, that one process may open. */
  readonly openFiles?: number | undefined;
  /** Local ports for connections from one local address to one address of a target. */
  readonly localPorts?: number | undefined;
  /**
   * Whether a new connection may use a port in TIME_WAIT, `net.ipv4.tcp_tw_reuse`: 0 never, 1
   * always, 2 on loopback only.
   */
  readonly timeWaitReuse?: number | undefined;
  /** Connections in TIME_WAIT now. */
  readonly timeWait?: number | undefined;
  /** Connections that a listening socket queues until the program accepts them. */
  readonly backlog?: number | undefined;
  /** The largest buffers of a connection, bytes. */
  readonly receiveBufferBytes?: number | undefined;
  readonly sendBufferBytes?: number | undefined;
  /** Memory for all TCP buffers, bytes. */
  readonly tcpBytes?: number | undefined;
  readonly cpus?: number | undefined;
  /** CPUs that the control group may use on average; `Infinity` without a quota. */
  readonly cpuQuota?: number | undefined;
  /** The share of the periods so far in which the quota was used up, from 0 to 1. */
  readonly throttledShare?: number | undefined;
  /** The share of CPU time that the hypervisor gave to others, from 0 to 1. */
  readonly stealShare?: number | undefined;
  /** Names of the CPU frequency governors. */
  readonly governors?: readonly string[] | undefined;
  /** Memory of the machine, or the limit of the control group if that is lower. */
  readonly memoryBytes?: number | undefined;
  /** Memory that is not in use now, bytes. */
  readonly freeBytes?: number | undefined;
}

import { execFileSync } from 'node:child_process';

/** Starts a command with a limit of open files for each process. */
export function withOpenFiles(count: number): readonly string[] {
  return ['sh', '-c', `ulimit -n ${count} && exec "$@"`, 'sh'];
}

const FIRST_PORT = 20_000;

/** Starts a command in its own network, which has only loopback, with this number of ports. */
export function withLocalPorts(count: number): readonly string[] {
  const range = `${FIRST_PORT} ${FIRST_PORT + count - 1}`;
  const commands = `ip link set lo up && echo '${range}' > /proc/sys/net/ipv4/ip_local_port_range`;
  return ['unshare', '--net', 'sh', '-c', `${commands} && exec "$@"`, 'sh'];
}

function canStart([command, ...rest]: readonly string[]): boolean {
  try {
    execFileSync(command!, [...rest, 'true'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Whether this machine permits networks with few ports: Linux, root and `unshare`. */
export const canLimitPorts = canStart(withLocalPorts(10));

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('slow-dns.mjs', import.meta.url));

interface Names {
  /** How long each answer takes. */
  readonly delayMs?: number;
  /** The IPv6 address of every name, as 32 hexadecimal digits. No packet to it is ever answered. */
  readonly silentIpv6?: string;
}

/**
 * Starts a command in its own network, where every name has the address 127.0.0.1 and port 80 is
 * open. Everything ends with the command.
 */
export function withNames({ delayMs = 0, silentIpv6 = '' }: Names): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'drumline-test-'));
  const [names, hosts, ready] = ['resolv.conf', 'nsswitch.conf', 'ready'].map((name) => join(folder, name));
  writeFileSync(names!, 'nameserver 127.0.0.1\noptions timeout:5 attempts:1\n');
  writeFileSync(hosts!, 'hosts: files dns\n');
  const commands = [
    'ip link set lo up',
    `mount --bind ${names} /etc/resolv.conf`,
    `mount --bind ${hosts} /etc/nsswitch.conf`,
    // Packets to these addresses leave through a link with nobody at its other end.
    ...(silentIpv6 === ''
      ? []
      : [
          'ip link add silent type veth peer name nobody',
          'ip link set silent up',
          'ip link set nobody up',
          'ip -6 address add 2001:db8::1/64 dev silent nodad',
        ]),
    `{ ${process.execPath} ${SERVER} ${delayMs} '${silentIpv6}' ${ready} & }`,
    `until [ -e ${ready} ]; do sleep 0.05; done`,
    `rm -r ${folder}`,
    'exec "$@"',
  ];
  const own = ['--net', '--mount', '--pid', '--fork', '--kill-child'];
  return ['unshare', ...own, 'sh', '-c', commands.join(' && '), 'sh'];
}

/** Whether this machine permits networks and name servers of its own: Linux, root and `unshare`. */
export const canChangeNames = ((): boolean => {
  try {
    const [command, ...rest] = withNames({ silentIpv6: '20010db8000000000000000000000007' });
    execFileSync(command!, [...rest, 'true'], { stdio: 'pipe', timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
})();

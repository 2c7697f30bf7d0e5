import { formatCount } from '../format-count.js';
import { formatDuration, type Millis } from '../units.js';
import type { Diagnosis } from './diagnosis.js';
import type { WorkerNeeds } from './needs.js';
import type { AddressFacts, TargetFacts, TlsFacts } from './target-facts.js';

/** Slower lookups are felt: the first one of a lane, and those that should come from a cache. */
const SLOW_FIRST_LOOKUP_MS = 500;
const SLOW_LOOKUP_MS = 50;
/** Connections try the next address after this time (RFC 8305). */
const ATTEMPT_DELAY_MS = 250;
/** A certificate that expires within this time deserves a note. */
const SOON_MS = 14 * 86_400_000;
const CURRENT_VERSIONS: readonly string[] = ['TLSv1.2', 'TLSv1.3'];

/** Every check of the target. @param nowMs milliseconds since the epoch */
export function judgeTarget(facts: TargetFacts, needs: WorkerNeeds, nowMs: number): Diagnosis[] {
  const { tls } = facts;
  return [
    ...judgePlace('target', facts),
    ...judgeFamilies(facts),
    ...(tls === undefined ? [] : judgeTls(tls, needs, nowMs)),
  ];
}

/** Whether the name of a host is found, and whether it answers. @param check name for the latter */
export function judgePlace(check: string, facts: TargetFacts): Diagnosis[] {
  const lookup = judgeLookup(facts);
  return facts.lookup?.problem === undefined ? [...lookup, judgeReach(check, facts)] : lookup;
}

/** Nothing for an address. */
function judgeLookup({ host, lookup }: TargetFacts): Diagnosis[] {
  if (lookup === undefined) return [];
  const check = 'DNS';
  const { firstMs, secondMs, problem } = lookup;
  if (problem !== undefined)
    return [
      {
        check,
        grade: 'breaks',
        value: `${host} is not found`,
        problem: `the lookup of ${host} failed: ${problem}`,
        remedy: 'correct the name, or the name server in /etc/resolv.conf; or set http.hosts in the scenario',
      },
    ];
  const found = {
    check,
    value: `${host} in ${millis(firstMs)}, again in ${millis(secondMs)}`,
    allows: 'each lane looks a name up once a minute',
  };
  if (firstMs <= SLOW_FIRST_LOOKUP_MS && secondMs <= SLOW_LOOKUP_MS) return [{ ...found, grade: 'ok' }];
  return [
    {
      ...found,
      grade: 'tight',
      problem: `connections that are opened during a lookup wait up to ${millis(Math.max(firstMs, secondMs))}, which is part of the response time`,
      remedy: 'a DNS cache on this machine; or a longer http.dns.ttl; or fixed addresses in http.hosts',
    },
  ];
}

/** Whether IPv6 addresses answer, if there are any beside IPv4. */
function judgeFamilies({ addresses }: TargetFacts): Diagnosis[] {
  const check = 'IPv6';
  const v6 = addresses.filter(({ family }) => family === 6);
  const v4 = addresses.filter(({ family }) => family === 4);
  if (v6.length === 0 || v4.length === 0) return [];
  const broken = v6.filter(isBroken);
  if (broken.length === 0) return [{ check, grade: 'ok', value: 'the IPv6 addresses answer' }];
  const [first] = broken;
  const found = { check, value: `${first!.address} is advertised, but does not answer: ${first!.problem}` };
  const isFelt = broken.some(({ ms }) => ms >= ATTEMPT_DELAY_MS) && v4.some((one) => !isBroken(one));
  if (!isFelt) return [{ ...found, grade: 'ok', allows: 'connections use IPv4 without delay' }];
  return [
    {
      ...found,
      grade: 'tight',
      problem: `the first connections of each lane wait ${ATTEMPT_DELAY_MS} ms until they try IPv4`,
      remedy: 'dns: { family: 4 } in the http settings of the scenario; or remove the AAAA record',
    },
  ];
}

function judgeReach(check: string, { host, port, addresses }: TargetFacts): Diagnosis {
  const fastest = addresses.filter((one) => !isBroken(one)).sort((a, b) => a.ms - b.ms)[0];
  if (fastest !== undefined) {
    const { address, ms } = fastest;
    return {
      check,
      grade: 'ok',
      value: `${shown(address, port)} answers in ${millis(ms)}`,
      allows: `at most ${formatCount(Math.max(1, Math.floor(1_000 / Math.max(ms, 0.01))))} requests/s, one after the other on a connection`,
    };
  }
  return {
    check,
    grade: 'breaks',
    value: `${shown(host, port)} is not reachable`,
    problem: `no connection to ${shown(host, port)} can be opened: ${addresses[0]?.problem ?? 'it has no address'}`,
    remedy: 'start it, correct the address, or open the port in the firewall',
  };
}

function judgeTls(
  tls: TlsFacts | { readonly problem: string },
  needs: WorkerNeeds,
  nowMs: number,
): Diagnosis[] {
  if ('problem' in tls)
    return [
      {
        check: 'TLS handshake',
        grade: 'breaks',
        value: 'failed',
        problem: `the handshake failed: ${tls.problem}`,
        remedy:
          'correct the scheme or the port of the target; or set tls.minVersion or tls.cert in the scenario',
      },
    ];
  return [
    judgeHandshake(tls, needs),
    judgeVersion(tls),
    judgeCertificate(tls, nowMs),
    judgeResumption(tls, needs),
  ];
}

/** Whether a lane has the CPU time for the handshakes of users that come and go. */
function judgeHandshake(
  { handshakeMs, cpuMs, keyType }: TlsFacts,
  { opened, lanes }: WorkerNeeds,
): Diagnosis {
  const perLane = Math.max(1, Math.floor(500 / Math.max(cpuMs, 0.01)));
  const key = keyType === undefined ? '' : ` with an ${keyType} key`;
  const found = {
    check: 'TLS handshake',
    value: `${millis(handshakeMs)}, ${millis(cpuMs)} of CPU time here${key}`,
    allows: `${formatCount(perLane)} new connections/s of a lane at half a core`,
  };
  if (opened <= perLane * Math.max(1, lanes)) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: `the users open ${formatCount(opened)} connections per second on ${formatCount(lanes)} ${lanes === 1 ? 'lane' : 'lanes'}, so that response times contain waiting for CPU time`,
    remedy: 'more lanes or machines; or users that stay (--rate instead of --arrivals)',
  };
}

function judgeVersion({ version, cipher, protocol }: TlsFacts): Diagnosis {
  const found = {
    check: 'TLS version',
    value: `${version}, ${cipher}${protocol === undefined ? '' : `, ${protocol}`}`,
  };
  if (CURRENT_VERSIONS.includes(version)) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: `the target selects ${version}, which costs more and which browsers refuse`,
    remedy: 'enable TLSv1.2 and TLSv1.3 on the target',
  };
}

function judgeCertificate({ untrusted, validUntilMs }: TlsFacts, nowMs: number): Diagnosis {
  const check = 'certificate';
  const leftMs = validUntilMs === undefined ? Infinity : validUntilMs - nowMs;
  const until = validUntilMs === undefined ? 'valid' : `valid until ${day(validUntilMs)}`;
  if (untrusted !== undefined)
    return {
      check,
      grade: 'tight',
      value: leftMs < 0 ? `expired on ${day(validUntilMs!)}` : `${until}, not trusted`,
      problem: `requests fail, unless the scenario has other TLS settings: ${untrusted}`,
      remedy: 'renew the certificate; or set tls.ca, or tls.rejectUnauthorized: false for a test system',
    };
  if (leftMs > SOON_MS) return { check, grade: 'ok', value: until };
  return {
    check,
    grade: 'tight',
    value: until,
    problem: `it expires in ${leftText(leftMs)}`,
    remedy: 'renew the certificate of the target',
  };
}

function judgeResumption({ resumes, cpuMs }: TlsFacts, { opened }: WorkerNeeds): Diagnosis {
  const check = 'TLS resumption';
  if (resumes) return { check, grade: 'ok', value: 'the target resumes sessions' };
  const found = {
    check,
    value: 'the target does not resume sessions',
    allows: 'every new connection needs a full handshake',
  };
  if (opened === 0) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: `each of ${formatCount(opened)} new connections per second costs ${millis(cpuMs)} of CPU time here, and more on the target`,
    remedy: 'enable session tickets on the target, for example ssl_session_tickets on in nginx',
  };
}

function isBroken({ problem }: AddressFacts): boolean {
  return problem !== undefined;
}

function shown(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `0.35 ms`, `12 ms` */
function millis(ms: Millis): string {
  return `${ms < 9.95 ? Number(ms.toPrecision(2)) : Math.round(ms)} ms`;
}

function day(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function leftText(ms: Millis): string {
  const days = Math.floor(ms / 86_400_000);
  return days >= 2 ? `${days} days` : formatDuration(ms);
}

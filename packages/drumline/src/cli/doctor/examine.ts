import {
  judgeClock,
  judgeMachine,
  judgeProxies,
  judgePlace,
  judgeTarget,
  judgeWorkerPort,
  worstGrade,
  type Diagnosis,
  type ExitName,
  type MachineRole,
} from '@drumline/model';
import {
  clockOffset,
  examineTarget,
  examineWorkerPort,
  proxyVariables,
  watchLimits,
} from '@drumline/worker/facts';
import type { DoctorLoad } from './load.js';

/** The result of `drumline doctor`, which `--json` prints. */
export interface Examination extends DoctorLoad {
  readonly role: MachineRole;
  readonly checks: readonly Diagnosis[];
  /** The worst grade of all checks. */
  readonly verdict: 'ok' | 'tight' | 'breaks';
  readonly exit: ExitName;
}

/**
 * Checks this machine, then the network.
 * @param masters worker ports, `tcp://HOST:PORT`, and URLs of control APIs
 */
export async function examine(
  role: MachineRole,
  load: DoctorLoad,
  masters: readonly string[],
): Promise<Examination> {
  const machine = judgeMachine(await watchLimits(), role, load.needs);
  const master = (await Promise.all(masters.map(examineMaster))).flat();
  const target = role === 'master' ? [] : await examineNetwork(load);
  const checks = [...machine, ...master, ...target].map(inOrder);
  const exits: readonly (readonly [readonly Diagnosis[], ExitName])[] = [
    [machine, 'limits-too-low'],
    [master, 'master-unreachable'],
    [target, 'target-down'],
  ];
  const broken = exits.find(([some]) => worstGrade(some) === 'breaks');
  return { role, ...load, checks, verdict: worstGrade(checks), exit: broken?.[1] ?? 'passed' };
}

/** The fields in the order in which they are read, for JSON. */
function inOrder({ check, grade, value, allows, problem, remedy }: Diagnosis): Diagnosis {
  return { check, grade, value, allows, problem, remedy };
}

/** Checks the way to the target, and to nothing else if there is none. */
async function examineNetwork({ target, needs }: DoctorLoad): Promise<Diagnosis[]> {
  const proxies = proxyVariables();
  if (target === undefined) return [judgeProxies(proxies, undefined)];
  const facts = await examineTarget(target);
  const isReached = facts.addresses.some(({ problem }) => problem === undefined);
  return [...judgeTarget(facts, needs, Date.now()), judgeProxies(proxies, isReached)];
}

async function examineMaster(address: string): Promise<Diagnosis[]> {
  if (address.startsWith('tcp:')) {
    const facts = await examineWorkerPort(address);
    const place = judgePlace('master', facts);
    return worstGrade(place) === 'breaks' ? place : [...place, judgeWorkerPort(address, facts.kind)];
  }
  const facts = await examineTarget(address);
  const place = judgePlace('control API', facts);
  return worstGrade(place) === 'breaks' ? place : [...place, judgeClock(await clockOffset(address))];
}

import type { MachineLimits } from '@drumline/model';
import type { Prepared } from '@drumline/wire';

/** The limits that a master compares with the load of a run. */
export function limitsOfLoad(limits: MachineLimits): NonNullable<Prepared['limits']> {
  const { openFiles, localPorts, timeWaitReuse, cpus, cpuQuota = Infinity, memoryBytes } = limits;
  return {
    ...(openFiles !== undefined && { openFiles }),
    ...(localPorts !== undefined && { localPorts }),
    ...(timeWaitReuse !== undefined && { timeWaitReuse }),
    ...(cpus !== undefined && { cpus }),
    ...(cpuQuota < Infinity && { cpuQuota }),
    ...(memoryBytes !== undefined && { memoryBytes }),
  };
}

import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type { Pod } from 'kubernetes-types/core/v1.js';
import { EXIT_CODES } from '@drumline/model';
import { schemaProblems } from './api-schema.js';
import { containerOf, K8S, labelsOf, partsOf, podOf, RUNS, SERVICES, variable } from './forms.js';
import { load } from './kustomize.js';

const HANDED_OVER = EXIT_CODES['handed-over'].exitCode;
const runs = Object.entries(RUNS);
const all = [...runs, ...Object.entries(SERVICES)];

test('a field that is unknown to the Kubernetes API is detected', async () => {
  const typo = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'typo' },
    spec: { port: [{ port: '80' }] },
  };
  expect(await schemaProblems([typo])).toMatch(/'"port"' does not exist in type 'ServiceSpec'/);
});

test('all forms are valid for the Kubernetes API', async () => {
  const manifests = (await Promise.all(all.map(([, make]) => make()))).flat();
  const ofKubernetes = manifests.filter(({ kind }) => kind !== 'PodMonitor');
  expect(ofKubernetes.length).toBeGreaterThan(40);
  expect(await schemaProblems(ofKubernetes)).toBe('');
});

describe.each(all)('%s', (_, make) => {
  test('Service, policies, budget and topology spread select the pods that they are for', async () => {
    const { master, worker, service, masterPolicy, workerPolicy, budget } = partsOf(await make());
    expect(labelsOf(master)).toMatchObject(service.spec!.selector!);
    expect(labelsOf(worker)).not.toMatchObject(service.spec!.selector!);
    expect(labelsOf(master)).toMatchObject(masterPolicy.spec!.podSelector.matchLabels!);
    expect(labelsOf(worker)).toMatchObject(workerPolicy.spec!.podSelector.matchLabels!);
    const [workers] = masterPolicy.spec!.ingress!;
    expect(labelsOf(worker)).toMatchObject(workers!.from![0]!.podSelector!.matchLabels!);
    const toMaster = workerPolicy.spec!.egress![1]!;
    expect(labelsOf(master)).toMatchObject(toMaster.to![0]!.podSelector!.matchLabels!);
    if (budget) expect(labelsOf(master)).toMatchObject(budget.spec!.selector!.matchLabels!);
    const spread = podOf(worker).topologySpreadConstraints!;
    expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
      'kubernetes.io/hostname',
      'topology.kubernetes.io/zone',
    ]);
    for (const { labelSelector } of spread)
      expect(labelsOf(worker)).toMatchObject(labelSelector!.matchLabels!);
  });

  test('every named port exists on the master and is the one that its options bind', async () => {
    const { master, service, masterPolicy, workerPolicy } = partsOf(await make());
    const { ports, readinessProbe } = containerOf(master);
    const numberOf = Object.fromEntries(ports!.map(({ name, containerPort }) => [name!, containerPort]));
    for (const { name, port, targetPort } of service.spec!.ports!) {
      expect(targetPort).toBe(name);
      expect(numberOf[name!]).toBe(port);
    }
    expect(numberOf).toHaveProperty(String(readinessProbe!.tcpSocket!.port));
    const allowed = [...masterPolicy.spec!.ingress!, workerPolicy.spec!.egress![1]!].flatMap(
      (rule) => rule.ports!,
    );
    const known: unknown[] = [...Object.keys(numberOf), ...Object.values(numberOf)];
    for (const { port } of allowed) expect(known).toContain(port);
    expect(variable(master, 'DRUMLINE_BIND')).toBe(`tcp://0.0.0.0:${numberOf['control']}`);
    expect(variable(master, 'DRUMLINE_API')).toBe(`0.0.0.0:${numberOf['api']}`);
  });

  test('the master has the key and the workers only the token, as files from a Secret', async () => {
    const { master, worker } = partsOf(await make());
    const filesOf = (workload: typeof master) => {
      const { secret } = podOf(workload).volumes!.find(({ name }) => name === 'credentials')!;
      const { mountPath, readOnly } = containerOf(workload).volumeMounts!.find(
        ({ name }) => name === 'credentials',
      )!;
      expect([readOnly, secret!.defaultMode]).toEqual([true, 0o440]);
      return Object.fromEntries(secret!.items!.map(({ key, path }) => [key, `${mountPath}/${path}`]));
    };
    expect(filesOf(master)).toEqual({
      DRUMLINE_KEY: variable(master, 'DRUMLINE_KEY_FILE'),
      DRUMLINE_API_TOKEN: variable(master, 'DRUMLINE_API_TOKEN_FILE'),
    });
    expect(filesOf(worker)).toEqual({ DRUMLINE_TOKEN: variable(worker, 'DRUMLINE_TOKEN_FILE') });
    expect(containerOf(worker).envFrom).toBeUndefined();
    for (const { secretRef } of containerOf(master).envFrom ?? []) expect(secretRef?.name).toBe('outputs');
  });

  test('workers dial the Service', async () => {
    const { worker, service } = partsOf(await make());
    const control = service.spec!.ports!.find(({ name }) => name === 'control')!;
    expect(variable(worker, 'MASTER_SERVICE')).toBe(service.metadata!.name);
    expect(variable(worker, 'DRUMLINE_MASTER')).toBe(`tcp://$(MASTER_SERVICE):${control.port}`);
  });

  test('the run store and the reports are on the volume', async () => {
    const { master, claim } = partsOf(await make());
    const mount = containerOf(master).volumeMounts!.find(({ name }) => name === 'results')!;
    const volume = podOf(master).volumes!.find(({ name }) => name === 'results')!;
    expect(volume.persistentVolumeClaim?.claimName).toBe(claim?.metadata?.name);
    for (const name of ['DRUMLINE_DATA_DIR', 'DRUMLINE_JSON', 'DRUMLINE_HTML'])
      expect(variable(master, name) ?? '/results/').toMatch(new RegExp(`^${mount.mountPath}/`));
  });

  test('requests are equal to limits, in whole CPUs, and a worker has a lane for each', async () => {
    const { master, worker } = partsOf(await make());
    for (const workload of [master, worker]) {
      const { requests, limits } = containerOf(workload).resources!;
      expect(Object.keys(limits!)).toEqual(['cpu', 'memory', 'ephemeral-storage']);
      expect(limits!['cpu']).toMatch(/^\d+$/);
      expect(requests).toEqual(limits);
    }
    const lanes = containerOf(worker).env!.find(({ name }) => name === 'DRUMLINE_LANES')!;
    expect(lanes.valueFrom!.resourceFieldRef).toMatchObject({ resource: 'limits.cpu', divisor: '1' });
  });

  test('pods meet the restricted standard, have no token of the API, and time to end', async () => {
    const { master, worker } = partsOf(await make());
    for (const workload of [master, worker]) {
      expect(podOf(workload)).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          fsGroup: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(containerOf(workload).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(containerOf(workload).volumeMounts!.map(({ mountPath }) => mountPath)).toContain('/tmp');
      expect(podOf(workload).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(120);
    }
  });

  test('workers accept no connections, and nobody reaches the cloud’s metadata service', async () => {
    const { masterPolicy, workerPolicy } = partsOf(await make());
    expect(workerPolicy.spec!.ingress).toEqual([]);
    for (const policy of [masterPolicy, workerPolicy]) {
      expect(policy.spec!.policyTypes).toEqual(['Ingress', 'Egress']);
      for (const { to = [] } of policy.spec!.egress!)
        for (const { ipBlock } of to)
          if (ipBlock?.cidr === '0.0.0.0/0') expect(ipBlock.except).toEqual(['169.254.169.254/32']);
    }
  });
});

describe.each(runs)('%s', (_, make) => {
  const jobs = async () => partsOf(await make()) as { master: Job; worker: Job };

  test('parallelism, completions and the number of expected workers are equal', async () => {
    const { master, worker } = await jobs();
    expect(worker.spec).toMatchObject({ completionMode: 'Indexed', parallelism: worker.spec!.completions });
    expect(variable(master, 'DRUMLINE_EXPECT_WORKERS')).toBe(String(worker.spec!.completions));
  });

  test('a killed or evicted master is replaced by one that finds its run, and a verdict ends the Job', async () => {
    const { master } = await jobs();
    const [disruption, exit, ...others] = master.spec!.podFailurePolicy!.rules;
    expect(disruption).toMatchObject({ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] });
    const { containerName, operator, values } = exit!.onExitCodes!;
    expect([exit!.action, containerName, operator]).toEqual(['FailJob', containerOf(master).name, 'NotIn']);
    expect(others).toEqual([]);
    // SIGKILL, and the exit code of a master that hands over its run. All other codes are verdicts.
    expect(values).toEqual(expect.arrayContaining([137, HANDED_OVER]));
    const verdicts: number[] = Object.values(EXIT_CODES).map(({ exitCode }) => exitCode);
    expect(values.filter((code) => code !== HANDED_OVER && verdicts.includes(code))).toEqual([]);
    if (containerOf(master).args![0] === 'master')
      expect(variable(master, 'DRUMLINE_ON_SIGTERM')).toBe('hand-over');
    expect(master.spec!.backoffLimit).toBeGreaterThan(0);
    expect(master.spec!.podReplacementPolicy).toBe('Failed');
    expect(podOf(master).hostname).toBe(master.metadata!.name);
    expect(podOf(master).restartPolicy).toBe('Never');
  });

  test('an evicted or deleted worker is replaced any number of times', async () => {
    const rules = (await jobs()).worker.spec!.podFailurePolicy!.rules;
    const ignored = rules.filter(({ action }) => action === 'Ignore');
    expect(ignored[0]!.onPodConditions).toMatchObject([{ type: 'DisruptionTarget' }]);
    expect(ignored[1]!.onExitCodes).toMatchObject({ operator: 'In', values: [HANDED_OVER] });
  });

  test('invalid options end the workers’ Job, and a refusal only ends the refused worker', async () => {
    const rules = (await jobs()).worker.spec!.podFailurePolicy!.rules;
    const codesOf = (wanted: string) =>
      rules.filter(({ action }) => action === wanted).map(({ onExitCodes }) => onExitCodes!.values);
    expect(codesOf('FailJob')).toEqual([[EXIT_CODES.usage.exitCode]]);
    expect(codesOf('FailIndex')).toEqual([[EXIT_CODES.refused.exitCode]]);
  });

  test('a worker is named by its index', async () => {
    const { env } = containerOf((await jobs()).worker);
    const index = env!.findIndex(({ name }) => name === 'INDEX');
    expect(env![index]!.valueFrom!.fieldRef!.fieldPath).toContain('batch.kubernetes.io/job-completion-index');
    expect(env!.slice(index)).toContainEqual({ name: 'DRUMLINE_NAME', value: 'worker-$(INDEX)' });
  });

  test('the scenario is a file of the mounted config map', async () => {
    const { master, config } = partsOf(await make());
    const { args, volumeMounts } = containerOf(master);
    const mount = volumeMounts!.find(({ name }) => name === 'scenario');
    expect(mount === undefined).toBe(args!.includes('--once'));
    if (mount === undefined) return;
    expect(podOf(master).volumes).toContainEqual({
      name: 'scenario',
      configMap: { name: config!.metadata!.name },
    });
    expect(Object.keys(config!.data!).map((file) => `${mount.mountPath}/${file}`)).toContain(args![1]);
  });

  test('forgotten Jobs end, and ended Jobs are removed', async () => {
    const { master, worker } = await jobs();
    for (const { spec } of [master, worker]) {
      expect(spec!.activeDeadlineSeconds).toBeGreaterThanOrEqual(14_400);
      expect(spec!.ttlSecondsAfterFinished).toBeGreaterThan(0);
    }
  });
});

describe.each(Object.entries(SERVICES))('%s', (_, make) => {
  test('its master and workers are restarted for ever, and the workers have the names of their pods', async () => {
    const { master, worker, budget, config } = partsOf(await make());
    for (const workload of [master, worker]) {
      expect(podOf(workload).restartPolicy).toBe('Always');
      expect(labelsOf(workload)).toMatchObject(workload.spec!.selector!.matchLabels!);
    }
    expect(containerOf(master).args![0]).toBe('serve');
    const name = containerOf(worker).env!.find(({ name }) => name === 'DRUMLINE_NAME')!;
    expect(name.valueFrom!.fieldRef!.fieldPath).toBe('metadata.name');
    // A budget would block every drain of the node for ever.
    expect([budget, config]).toEqual([undefined, undefined]);
  });
});

test('the example overlay changes the number of workers, their CPUs, the image and the scenario', async () => {
  const [base, example] = await Promise.all(
    ['k8s/base', 'k8s/overlays/example'].map(async (form) => partsOf(await RUNS[form]!())),
  );
  const { resources, image } = containerOf(example!.worker);
  expect((example!.worker as Job).spec!.completions).not.toBe((base!.worker as Job).spec!.completions);
  expect(resources).not.toEqual(containerOf(base!.worker).resources);
  expect(image).toBe(containerOf(example!.master).image);
  expect(image).not.toBe(containerOf(base!.worker).image);
  expect(example!.config!.data).not.toEqual(base!.config!.data);
});

test('the pod that reads the reports is valid for the API and mounts their claim', async () => {
  const manifests = await load(join(K8S, 'reader.yaml'));
  expect(await schemaProblems(manifests)).toBe('');
  const { claim } = partsOf(await RUNS['k8s/base']!());
  const [reader] = manifests as unknown as Pod[];
  expect(reader!.spec!.volumes).toEqual([
    { name: 'results', persistentVolumeClaim: { claimName: claim!.metadata!.name } },
  ]);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { scenarioFromCurl } from '@drumline/codegen';
import { HttpDriver, type HttpSettings } from '@drumline/drivers';
import { bundleScenario } from '@drumline/scenario/project';
import { writeBundle } from '@drumline/scenario/parent';
import { installInputs, loadBundle } from '@drumline/scenario/runtime';

/** A function of a scenario. */
type Work = (context: object) => Promise<void>;

interface PlayedUser {
  readonly makeState: () => unknown;
  readonly spec: {
    readonly onStart?: Work;
    readonly tasks: { readonly tasks?: object } & Record<string, unknown>;
  };
}

/** A scenario generated from commands. */
export interface Made {
  readonly code: string;
  /** The messages for the user. */
  readonly about: readonly string[];
  /** Runs each task of the scenario once, in order. */
  play(): Promise<void>;
}

/** Generates a scenario from commands, as `drumline new` does. @param folder for its files */
export async function makeScenario(
  commands: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<Made> {
  const { scenario, about } = await scenarioFromCurl(
    { text: commands, name: '--from-curl' },
    { folder, keepHosts: [], keepSecrets: true, language: 'ts', types: false },
  );
  return { code: scenario, about, play: () => play(scenario, folder, environment) };
}

async function play(
  code: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const path = join(folder, 'scenario.ts');
  writeFileSync(path, code);
  installInputs({}, environment);
  const file = writeBundle((await bundleScenario(path)).code);
  try {
    const { spec } = await loadBundle(file.path);
    const {
      target,
      http = {},
      users,
    } = spec as unknown as {
      target: string;
      http?: HttpSettings;
      users: readonly PlayedUser[];
    };
    const driver = await HttpDriver.open({
      ...http,
      target,
      now: () => performance.now(),
      onSample: () => {},
      onLateFailure: () => {},
      onTransfer: () => {},
      onResend: () => {},
    });
    try {
      for (const user of users) await playUser(user, driver);
    } finally {
      await driver.close();
    }
  } finally {
    file.remove();
  }
}

async function playUser({ makeState, spec }: PlayedUser, driver: HttpDriver): Promise<void> {
  const client = driver.openClient({ user: 'visitor' });
  const context = { http: client, state: makeState(), sleep: async () => {} };
  await spec.onStart?.(context);
  for (const task of Object.values(spec.tasks.tasks ?? spec.tasks)) {
    const work = (typeof task === 'function' ? task : (task as { run: Work }).run) as Work;
    await work(context);
  }
  await client.close();
}

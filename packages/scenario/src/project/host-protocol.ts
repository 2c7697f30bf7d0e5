import type { Plan, PlanOverrides, PlanWarning, Secrets } from '@drumline/model';
import type { MasterHookContext, MasterHooks } from '../index.js';
import type { SchemaRecord } from '../runtime/grpc-sources.js';

export interface PlanRequest {
  kind: 'plan';
  /** The file that holds the bundle. */
  bundle: string;
  /** The scenario's own file, absolute: what it names is relative to it. */
  path: string;
  overrides: PlanOverrides;
  secrets: Secrets;
}

/** To run hooks of a scenario whose plan is known. */
export interface LoadRequest {
  kind: 'load';
  bundle: string;
  path: string;
  environment: Plan['environment'];
  secrets: Secrets;
}

/** What the master asks of the process that holds the scenario. */
export type HostRequest =
  | ({ id: number } & PlanRequest)
  | ({ id: number } & LoadRequest)
  | { id: number; kind: 'hook'; event: keyof MasterHooks; context: MasterHookContext };

/** Its answer to the request of the same id. */
export type HostReply =
  | { id: number; plan: Plan; schemas: SchemaRecord; warnings: readonly PlanWarning[] }
  | { id: number; done: true }
  | { id: number; exit: 'scenario-invalid' | 'setup-failed'; message: string; hint?: string | undefined };

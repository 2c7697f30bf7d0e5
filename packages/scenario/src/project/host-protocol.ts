import type { ParameterValue, Plan, PlanOverrides, PlanWarning, Secrets } from '@drumline/model';
import type { MasterHooks, ShapeAnswer, ShapeContext } from '../index.js';
import type { SchemaRecord } from '../runtime/grpc-sources.js';

/** Reads the plan of a scenario. */
export interface PlanRequest {
  kind: 'plan';
  /** Path of the bundle's file. */
  bundle: string;
  /** Absolute path of the scenario file. Paths in the scenario are relative to it. */
  path: string;
  overrides: PlanOverrides;
  secrets: Secrets;
}

/** Loads a scenario whose plan is known, to run its hooks. */
export interface LoadRequest {
  kind: 'load';
  bundle: string;
  path: string;
  environment: Plan['environment'];
  /** The values that the plan has. */
  parameters: Readonly<Record<string, ParameterValue>> | undefined;
  secrets: Secrets;
}

/** A hook on the master, with its argument. */
export type HookCall = {
  [Event in keyof MasterHooks]-?: {
    readonly event: Event;
    readonly context: Parameters<NonNullable<MasterHooks[Event]>>[0];
  };
}[keyof MasterHooks];

/** A request of the master to the scenario host. */
export type HostRequest =
  | ({ id: number } & PlanRequest)
  | ({ id: number } & LoadRequest)
  | { id: number; kind: 'shape'; context: Omit<ShapeContext, 'parameters'> }
  | ({ id: number; kind: 'hook' } & HookCall);

/** The reply to the request with the same id. `busy` comes before it, while files are read. */
export type HostReply =
  | { id: number; busy: true }
  | {
      id: number;
      plan: Plan;
      schemas: SchemaRecord;
      warnings: readonly PlanWarning[];
      /** The values of secret parameters. */
      secrets: Secrets;
    }
  | { id: number; answer: ShapeAnswer }
  | { id: number; done: true }
  | { id: number; exit: 'scenario-invalid' | 'setup-failed'; message: string; hint?: string | undefined };

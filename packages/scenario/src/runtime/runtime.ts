import type { GrpcService } from '@drumline/drivers/grpc';
import type { MetricOptions } from '../authoring/metric-options.js';
import type { DeclaredService } from './grpc-declarations.js';

/** Receives the values of custom metrics. A lane installs it before it loads the bundle. */
export interface MetricSink {
  counter(name: string, value: number, options?: MetricOptions): void;
  gauge(name: string, value: number, options?: MetricOptions): void;
  rate(name: string, hit: boolean, options?: MetricOptions): void;
  trend(name: string, value: number, options?: MetricOptions): void;
}

let installed: MetricSink | undefined;

let isUsed = false;

/** Records that the scenario has a custom metric. */
export function declareMetric(): void {
  isUsed = true;
}

/** Whether the scenario has custom metrics. */
export function hasMetrics(): boolean {
  return isUsed;
}

export function installRuntime(sink: MetricSink): void {
  installed = sink;
}

/** @throws Error outside a lane, such as in a hook on the master */
export function requireRuntime(): MetricSink {
  if (installed) return installed;
  throw new Error(
    'Metrics can be used in tasks, setup and hooks on workers, but not while the scenario is loaded.',
  );
}

/**
 * Finds the service of the user whose code is running.
 * @throws Error if no user's code is running
 */
export type ServiceFinder = (service: DeclaredService) => GrpcService;

let finder: ServiceFinder | undefined;

export function installGrpc(find: ServiceFinder): void {
  finder = find;
}

/** @throws Error outside a lane */
export function requireGrpc(): ServiceFinder {
  if (finder) return finder;
  throw new Error(
    'gRPC can be called in tasks, setup and teardown, but not while the scenario is loaded or in hooks on the master.',
  );
}

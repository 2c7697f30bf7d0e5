import type { Command } from '../command.js';
import { cancel } from './cancel.js';
import { annotate } from './annotate.js';
import { check } from './check.js';
import { compare } from './compare.js';
import { deleteRun } from './delete.js';
import { doctor } from './doctor.js';
import { drain } from './drain.js';
import { exitCodes } from './exit-codes.js';
import { grpcCall } from './grpc/call.js';
import { grpcList } from './grpc/list.js';
import { grpcTypes } from './grpc/types.js';
import { k8sDelete } from './k8s/delete.js';
import { k8sLogs } from './k8s/logs.js';
import { k8sResults } from './k8s/results.js';
import { k8sRun } from './k8s/run.js';
import { k8sScale } from './k8s/scale.js';
import { k8sStatus } from './k8s/status.js';
import { k8sStop } from './k8s/stop.js';
import { k8sRender } from './k8s/render.js';
import { k8sValues } from './k8s/values.js';
import { logs } from './logs.js';
import { master } from './master.js';
import { newProject } from './new.js';
import { outputs } from './outputs.js';
import { pause, rate, reset, resume, start, stop, users } from './orders.js';
import { queue } from './queue.js';
import { report } from './report.js';
import { run } from './run.js';
import { runs } from './runs.js';
import { serve } from './serve.js';
import { stats } from './stats.js';
import { status } from './status.js';
import { submit } from './submit.js';
import { token } from './token.js';
import { tryCommand } from './try.js';
import { watch } from './watch.js';
import { worker } from './worker.js';
import { workers } from './workers.js';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  newProject,
  check,
  doctor,
  tryCommand,
  run,
  master,
  worker,
  serve,
  submit,
  queue,
  cancel,
  deleteRun,
  logs,
  token,
  status,
  workers,
  drain,
  stats,
  watch,
  start,
  stop,
  users,
  rate,
  pause,
  resume,
  reset,
  annotate,
  runs,
  report,
  compare,
  grpcList,
  grpcCall,
  grpcTypes,
  k8sRun,
  k8sScale,
  k8sStatus,
  k8sLogs,
  k8sResults,
  k8sStop,
  k8sDelete,
  k8sRender,
  k8sValues,
  outputs,
  exitCodes,
];

/** Groups of commands with a common first word, and their descriptions. */
export const GROUPS: Readonly<Record<string, string>> = {
  grpc: 'Inspect a gRPC server, call it, or write types for scenarios',
  k8s: 'Run in Kubernetes, or print the resources for it',
};

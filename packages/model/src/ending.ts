/**
 * Why a run ended. `planned` also stands for stopping a plan without an end, `requested` for an
 * order to stop before the planned end. `scenario` is an order of the scenario code. `workers-left`
 * means that no worker was left. `threshold` means that a broken threshold ended the run.
 */
export type Ending =
  | 'planned'
  | 'requested'
  | 'interrupted'
  | 'worker-lost'
  | 'workers-left'
  | 'target-down'
  | 'scenario'
  | 'threshold';

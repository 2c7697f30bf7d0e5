/** What the simulation takes apart: a run without its ports, its files and its scenario host. */
export { Control } from './control.js';
export { Run } from './run.js';

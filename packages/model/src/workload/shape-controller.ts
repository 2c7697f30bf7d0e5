/** The `shape` of the scenario decides about the users, once a second. */
export interface ShapeController {
  readonly kind: 'shape';
  /** Users started or stopped per second; absent for all at once. */
  readonly spawnRate?: number;
}

/**
 * Longest frame of a worker, bytes: a report is cut into far shorter ones, what a `setup` gives may
 * come near.
 */
export const MAX_WORKER_FRAME_BYTES = 16 * 1024 * 1024;

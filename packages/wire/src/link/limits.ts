/** Longest frame of a worker, in bytes. Only the result of a `setup` comes near. */
export const MAX_WORKER_FRAME_BYTES = 16 * 1024 * 1024;

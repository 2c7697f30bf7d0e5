/** Version of the messages between master and worker. Peers of another version are refused at `Hello`. */
export const PROTOCOL_VERSION = 4;

/** Bytes of a bundle in one chunk: small enough never to hold a heartbeat up behind it. */
export const BUNDLE_CHUNK_BYTES = 256 * 1024;

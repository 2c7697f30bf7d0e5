/** Version of the messages between master and worker. Workers of other versions are refused. */
export const PROTOCOL_VERSION = 9;

/** Size of a chunk of a bundle in bytes. Small enough not to delay heartbeats. */
export const ARTIFACT_CHUNK_BYTES = 256 * 1024;

/** Keys and tokens alone: commands that open no link need not load ZeroMQ for them. */
export { ApiToken, MasterKey, WorkerToken } from './keys.js';
export { credentialFile, type CredentialKind } from './credential.js';

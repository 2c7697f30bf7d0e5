/**
 * Settings checks before a run: `@drumline/drivers/check`. Loads the TLS modules, so it is a
 * separate entry point.
 */
export { findHttpProblems } from './http/check/find-problems.js';
export { findGrpcProblems, findReflectProblems } from './grpc/check.js';

/** What is wrong with settings, before anything runs: `@drumline/drivers/check`. It needs all of TLS, so it is loaded where there are settings only. */
export { findHttpProblems } from './http/check/find-problems.js';
export { findGrpcProblems, findReflectProblems } from './grpc/check.js';

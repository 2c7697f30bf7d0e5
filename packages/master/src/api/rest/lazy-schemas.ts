import { createRequire } from 'node:module';
import type { FastifyServerOptions } from 'fastify';

type Compilers = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

/** What fastify calls: for all schemas, then for each route, then for each request or response. */
type Build<F> = (schemas: unknown, options: unknown) => (route: unknown) => F;
interface Validate {
  (value: unknown): unknown;
  errors?: unknown;
}
type Serialize = (data: unknown) => string;

const require = createRequire(import.meta.url);

// fastify's own compilers.
const validators = once(() => (require('@fastify/ajv-compiler') as () => Build<Validate>)());
const serializers = once(() => {
  const { SerializerSelector } = require('@fastify/fast-json-stringify-compiler') as {
    SerializerSelector: () => Build<Serialize>;
  };
  return SerializerSelector();
});

const buildValidator: Build<Validate> = (schemas, options) => {
  const compile = once(() => validators()(schemas, options));
  return (route) => {
    const compiled = once(() => compile()(route));
    const validate: Validate = (value) => {
      const result = compiled()(value);
      validate.errors = compiled().errors;
      return result;
    };
    return validate;
  };
};

const buildSerializer: Build<Serialize> = (schemas, options) => {
  const compile = once(() => serializers()(schemas, options));
  return (route) => {
    const compiled = once(() => compile()(route));
    return (data) => compiled()(data);
  };
};

/**
 * Compiles the schemas of a route when it is first called. Loading the compilers and compiling all
 * routes takes a fifth of a second, which the master saves when it starts.
 */
export const lazySchemas = { buildValidator, buildSerializer } as unknown as Compilers;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

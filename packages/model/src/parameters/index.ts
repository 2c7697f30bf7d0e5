export type {
  GivenParameter,
  GivenParameters,
  ParameterFacts,
  ParameterKind,
  ParameterSource,
  ParameterSpec,
  ParameterValue,
} from './parameter.js';
export {
  parameterKind,
  secretParameters,
  resolveParameter,
  unknownParameter,
  type ResolvedParameter,
} from './resolve.js';

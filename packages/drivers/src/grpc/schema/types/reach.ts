import protobuf from 'protobufjs';

/** The messages and enums that some messages consist of, including themselves, each once. */
export function reachedFrom(types: Iterable<protobuf.Type>): Set<protobuf.Type | protobuf.Enum> {
  const reached = new Set<protobuf.Type | protobuf.Enum>();
  const visit = (type: protobuf.Type | protobuf.Enum): void => {
    if (reached.has(type)) return;
    reached.add(type);
    if (type instanceof protobuf.Enum) return;
    for (const { resolvedType } of type.fieldsArray) if (resolvedType !== null) visit(resolvedType);
  };
  for (const type of types) visit(type);
  return reached;
}

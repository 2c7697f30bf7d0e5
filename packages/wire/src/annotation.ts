import Type from '#typebox';

/** A remark at an instant of a run. */
export const annotationView = Type.Object({
  at: Type.String({ description: 'ISO 8601, UTC' }),
  text: Type.String(),
});

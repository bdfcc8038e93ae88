/** Stands in for zod's writer of JSON schemas: those of the API are written when it is built, not in a function. */
function absent(): never {
  throw new Error('JSON schemas are not part of this bundle');
}

export {
  absent as allProcessors,
  absent as createStandardJSONSchemaMethod,
  absent as createToJSONSchemaMethod,
  absent as extractDefs,
  absent as finalize,
  absent as initializeContext,
  absent as processSchema,
  absent as toJSONSchema,
};

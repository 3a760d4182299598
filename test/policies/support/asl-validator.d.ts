declare module "asl-validator" {
  /** Adds the default query language to the states of the definition that it is given. */
  function validate(definition: unknown): { readonly isValid: boolean; readonly errorsText: () => string };
  export = validate;
}

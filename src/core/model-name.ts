/** Vendor or region in front of a model name: `openai/`, `models/`, `us.anthropic.`. */
const vendorPrefix =
  /^(?:.*\/|(?:(?:us|eu|apac|global)\.)?(?:ai21|amazon|anthropic|cohere|deepseek|meta|mistral|openai)\.)/

/** One version at the end: `-2024-08-06`, `-20241022`, `-0613`, `@20240620`, `-05-20`, `-002`, `-latest`, `-v1:0`. */
const version = /(?:[-@]\d{4}-\d{2}-\d{2}|[-@]\d{3,8}|-\d{2}-\d{2}|-latest|-v\d+(?::\d+)?)$/

/** True when two names mean one model, whatever vendor prefix and dated version they carry. */
export function isSameModel(a: string, b: string): boolean {
  return a === b || familyOf(a) === familyOf(b)
}

/** A model's name without vendor prefix and dated version, in lower case. */
export function familyOf(model: string): string {
  // No model has a name that long, and the patterns need not run over it.
  if (model.length > 200) return model
  return model.trim().toLowerCase().replace(vendorPrefix, '').replace(version, '').replace(version, '')
}

import type { Span } from './span.js'

/** The part of a span that says which step it is. */
export type Named = Pick<Span, 'name' | 'kind' | 'requestModel' | 'responseModel'>

/**
 * What a span is called as a step of the workflow, the same for each time it is taken: OpenTelemetry names spans
 * `chat gpt-4.1` and `execute_tool lookup_order`, of which the step is `chat` and `lookup_order`.
 */
export function stepName({ name, kind, requestModel, responseModel }: Named): string {
  if (kind === 'tool') return name.replace(/^execute_tool\s+(?=\S)/, '')
  for (const model of [requestModel, responseModel]) {
    if (model && name.length > model.length + 1 && name.endsWith(` ${model}`)) return name.slice(0, -model.length - 1)
  }
  return name
}

/** True when a step written down as `name` means this span: by its whole name, or by its name as a step. */
export function isNamed(span: Named, name: string): boolean {
  return span.name === name || stepName(span) === name
}

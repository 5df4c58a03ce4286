import type { SpanContent } from '../span.js'
import type { TextSort } from './drift.js'

/** The text of a prompt as a span holds it: the template, else the system messages; undefined where it holds neither. */
export function promptText({
  promptTemplate,
  inputMessages,
}: SpanContent): { sort: TextSort; text: string } | undefined {
  if (promptTemplate) return { sort: 'template', text: promptTemplate }
  const system = (inputMessages ?? []).flatMap(({ role, content }) =>
    (role === 'system' || role === 'developer') && content ? [content] : [],
  )
  return system.length === 0 ? undefined : { sort: 'system message', text: system.join('\n\n') }
}

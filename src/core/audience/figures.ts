import type { Figures } from '../figures.js'
import type { Names } from './names.js'

/** Figures of stored traces: all numbers, and models and prompt versions by names that may be shown. */
export function figuresForProduct(figures: Figures, names: Names): Figures {
  const { spans, traces, roots, orphans, spansByKind, errorSpans, tokens, tokensNaive, costUsd, startMs, endMs } =
    figures
  return {
    ...{ spans, traces, roots, orphans, spansByKind, errorSpans, tokens, tokensNaive, costUsd, startMs, endMs },
    models: figures.models.map((model) => names.of('model', model)),
    promptVersions: figures.promptVersions.map(({ name, version, spans: seen }) => ({
      ...{ name: names.of('prompt', name), version: names.of('version', version) },
      spans: seen,
    })),
  }
}

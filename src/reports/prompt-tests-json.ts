import type { PlatformTests, TestRecord } from '../core/prompts/recorded.js'

/** The document of `pilot prompts tests --json`; `recorded` is null where nothing was to be recorded. */
export function testsJson(
  platforms: readonly PlatformTests[],
  kept: readonly { record: TestRecord; isNew: boolean }[],
  withinMs: number,
) {
  const recorded = (at: number) => {
    const each = kept[at]
    return each === undefined ? null : { isNew: each.isNew, timeMs: each.record.timeMs, by: each.record.by ?? null }
  }
  return {
    schemaVersion: 1,
    withinMs,
    platforms: platforms.map((each, at) => ({ ...each, recorded: recorded(at) })),
  }
}

/** A record as `--history --json` has it; null is unknown. */
export function recordJson({ by, ...record }: TestRecord) {
  return { ...record, by: by ?? null }
}

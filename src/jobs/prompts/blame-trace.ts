import type { LoadedConfig } from '../../config/load.js'
import { type Blame, readBlame } from '../../core/prompts/blame.js'
import { promptText } from '../../core/prompts/prompt-text.js'
import { readDeployments } from '../../store/deployments.js'
import { openTrace } from '../open-trace.js'
import { productionOf } from '../platforms.js'
import { workspaceOf } from '../workspace.js'
import { hashOf } from './read-texts.js'

/** What made the output of the trace whose id begins with `id`. Throws `PilotError` where none or several do. */
export function blameTrace(loaded: LoadedConfig, which: { id: string; platform: string | undefined }): Blame {
  const db = workspaceOf(loaded).open('read')
  try {
    const { trace, contents } = openTrace(db, loaded.config, which)
    return readBlame({
      trace,
      deployments: readDeployments(db),
      production: productionOf(loaded.config),
      textOf: (spanId) => {
        const content = contents.get(spanId)
        const text = content && promptText(content)
        return text && { sort: text.sort, hash: hashOf(text.text) }
      },
    })
  } finally {
    db.close()
  }
}

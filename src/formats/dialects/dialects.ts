import { adkKeys, fillFromAdk } from './adk.js'
import type { Draft } from './draft.js'
import { fillFromGenai, genaiFamilies, genaiKeys } from './genai.js'
import { fillFromLangfuse, langfuseKeys } from './langfuse.js'
import { fillFromLangsmith, langsmithKeys } from './langsmith.js'
import { fillFromOpeninference, openinferenceFamilies, openinferenceKeys } from './openinference.js'
import { fillFromPydantic, pydanticKeys } from './pydantic.js'
import { fillSettings, packedSettings, settingFamilies, settingKeys } from './settings.js'
import { fillFromTraceloop, traceloopFamilies } from './traceloop.js'
import { fillFromVercel, vercelKeys } from './vercel.js'

/** What one vocabulary has beside plain fields: the attributes and families that announce it, and what it fills in. */
export interface Dialect {
  name: string
  keys: readonly string[]
  /** What flattened attributes begin with, before a dot; a longer name must come before a shorter one that begins it. */
  families: readonly string[]
  fill(draft: Draft): void
}

/** Every vocabulary with structure of its own, best first: an earlier one's messages and documents win. */
export const dialects: readonly Dialect[] = [
  { name: 'genai', keys: genaiKeys, families: genaiFamilies, fill: fillFromGenai },
  { name: 'openinference', keys: openinferenceKeys, families: openinferenceFamilies, fill: fillFromOpeninference },
  { name: 'traceloop', keys: [], families: traceloopFamilies, fill: fillFromTraceloop },
  { name: 'vercel', keys: vercelKeys, families: [], fill: fillFromVercel },
  { name: 'pydantic', keys: pydanticKeys, families: [], fill: fillFromPydantic },
  { name: 'langfuse', keys: langfuseKeys, families: [], fill: fillFromLangfuse },
  { name: 'langsmith', keys: langsmithKeys, families: [], fill: fillFromLangsmith },
  { name: 'adk', keys: adkKeys, families: [], fill: fillFromAdk },
  {
    name: 'settings',
    keys: [...settingKeys.map(([key]) => key), ...packedSettings],
    families: settingFamilies,
    fill: fillSettings,
  },
]

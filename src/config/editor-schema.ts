import { z } from 'zod'
import { Config } from './schema.js'

/** JSON Schema draft-07 of pilot.yaml as text: the newest that yaml-language-server reads. */
export function editorSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(Config, { target: 'draft-7', io: 'input' }), null, 2)}\n`
}

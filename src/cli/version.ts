import { createRequire } from 'node:module'

// Read from package.json, so that the version stands in one place.
export const version: string = createRequire(import.meta.url)('../../package.json').version

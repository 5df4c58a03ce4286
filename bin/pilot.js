#!/usr/bin/env node
import { main } from '../dist/cli/main.js'

// A closed pipe (`pilot traces | head`) is not an error.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: workingFolder(),
  nowMs: Date.now,
})

function workingFolder() {
  try {
    return process.cwd()
  } catch {
    // It was deleted: nothing is found from there, which each command says in its own words.
    return '/'
  }
}

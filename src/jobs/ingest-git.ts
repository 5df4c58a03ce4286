import type { Commit } from '../core/commit.js'
import { PilotError } from '../core/errors.js'
import { addProblem, type FileReport } from '../core/ingest-report.js'
import { createPolicy } from '../core/privacy/policy.js'
import { deploymentsOfCommit } from '../formats/git-deployments.js'
import { readGitLog } from '../io/git-log.js'
import { loadHash } from '../io/salt.js'
import { deploymentWriter } from '../store/deployments.js'
import type { IngestOptions, Reading } from './file-run.js'

/** The history of a folder of prompts: each commit that changed one of them deployed it. */
export async function readGitHistory(
  report: FileReport,
  options: IngestOptions,
  folder: string,
): Promise<Reading<Commit[]>> {
  const policy = await createPolicy(options.privacy, loadHash(options.saltPath))
  report.format = 'git'
  let kept = 0
  return {
    pieces: batches(readGitLog({ cwd: folder, name: report.path })),
    writer: (source) => {
      const deployments = deploymentWriter(options.db, source)
      return (commits) => {
        for (const commit of commits) {
          report.records += 1
          const found = deploymentsOfCommit(commit)
          if (typeof found === 'string') {
            addProblem(report, 0, found)
            continue
          }
          kept += found.length
          for (const deployment of found) report.deployments[deployments.write(policy.applyDeployment(deployment))] += 1
        }
        report.redacted = policy.counts()
        return { records: commits.length, bytes: 0 }
      }
    },
    kept: () => kept,
    refusal: () =>
      new PilotError(`No commit on this branch changes a prompt in ${report.path}.`, {
        hint: 'Name the folder that holds the prompts, one file each.',
        exitCode: 3,
      }),
  }
}

async function* batches(commits: AsyncIterable<Commit>): AsyncGenerator<Commit[]> {
  let batch: Commit[] = []
  for await (const commit of commits) {
    batch.push(commit)
    if (batch.length < 500) continue
    yield batch
    batch = []
  }
  yield batch
}

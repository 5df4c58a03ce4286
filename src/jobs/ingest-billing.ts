import { billingContainers, billingRows } from '../formats/billing/rows.js'
import { isEmptyBucket, readBillingLine } from '../formats/billing.js'
import { billingWriter } from '../store/billing.js'
import type { FileRun, Reading } from './file-run.js'
import { readLog } from './ingest-rows.js'
import type { NumberedRow } from './read-rows.js'

/** A provider's or gateway's usage or costs, as rows or as pages of buckets. */
export function readBilling(run: FileRun): Promise<Reading<NumberedRow[]>> {
  const { report, options } = run
  return readLog(
    run,
    'billing',
    (policy, source) => {
      const bill = billingWriter(options.db, source)
      return (row) => {
        if (isEmptyBucket(row)) {
          report.skipped[emptyBucket] = (report.skipped[emptyBucket] ?? 0) + 1
          return undefined
        }
        const line = readBillingLine(row, options.columns)
        if (typeof line === 'string') return line
        report.billing[bill.write(policy.applyBilling(line))] += 1
        return undefined
      }
    },
    { containers: billingContainers, rows: billingRows },
  )
}

const emptyBucket = 'bucket in which nothing was billed'

/** One commit of a git history, with the regular files that it changed. Its texts are untrusted. */
export interface Commit {
  /** All digits of it. */
  sha: string
  /** When it was committed, epoch seconds as git prints them. */
  seconds: string
  author: string
  changes: FileChange[]
}

export interface FileChange {
  /** Below the folder that was asked for. */
  path: string
  /** Its path before, where it was renamed. */
  from?: string
  /** The id of its content; undefined where it was removed. */
  blob?: string
  /** The id of its content before; undefined where it was added, and in a merge. */
  blobBefore?: string
}

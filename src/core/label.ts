/** A person's judgement of one output, or of one incident. */
export interface Label {
  /** What was judged: a request id, else a trace id. */
  item: string
  /** What was asked of it: the id of a question, such as `cause`. */
  name: string
  value: string
  /** Alias of who judged. */
  by?: string
  /** Epoch milliseconds. */
  timeMs?: number
  note?: string
}

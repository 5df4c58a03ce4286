/** Whether a judge may hold a release: how well it agreed with people, on the labels of one day. */
export interface Certificate {
  granted: boolean
  /** Why it was refused; empty where it was granted. */
  reasons: string[]
  judge: string
  /** Of endpoint, model, rubric, scale and settings: another judge needs another certificate. */
  judgeHash: string
  issuedMs: number
  expiresMs: number
  items: number
  /** Of items that people passed and that they failed: the shares that the judge judged alike, with how many there are. */
  tpr: { rate: number; n: number } | undefined
  tnr: { rate: number; n: number } | undefined
  kappa: number | undefined
  ac1: number | undefined
}

/** What we use of jstat, which has no types of its own. */
declare module 'jstat' {
  const jstat: {
    binomial: {
      /** P(Bin(n, p) ≤ k), to about 10 digits. */
      cdf(k: number, n: number, p: number): number
    }
    normal: {
      /** The value that p (0–1) of a normal distribution lies below. */
      inv(p: number, mean: number, sd: number): number
    }
    /** Complementary error function, to an absolute 1e-16: few digits are right where it is small. */
    erfc(x: number): number
  }
  export default jstat
}

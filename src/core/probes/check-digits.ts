/** The digit that makes a number valid after Luhn, as payment cards are. */
export function luhnDigit(digits: string): string {
  let sum = 0
  for (const [index, digit] of Array.from(digits).reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (sum % 10)) % 10)
}

/** The IBAN of an account number, with its check digits (ISO 7064, mod 97-10). */
export function ibanOf(country: string, account: string): string {
  const numbers = Array.from(`${account}${country}00`, (char) => Number.parseInt(char, 36)).join('')
  let rest = 0
  for (const digit of numbers) rest = (rest * 10 + Number(digit)) % 97
  return `${country}${String(98 - rest).padStart(2, '0')}${account}`
}

import type { Scorecard } from '../../core/scorecard.js'
import { conclusion, decisionSection } from '../decision-text.js'
import { scorecardSections, scorecardSubtitle, scorecardTitle } from '../scorecard-sections.js'
import type { Section, SectionTable } from '../section.js'
import { charts } from './charts.js'
import { style } from './style.js'
import { type Html, html } from './template.js'

/**
 * The scorecard as one page that needs nothing else: no script, no picture, no address, no font from elsewhere. Its content policy
 * lets a browser fetch nothing at all; `sha256Base64` makes the hash of the one style sheet.
 */
export function formatScorecardHtml(card: Scorecard, sha256Base64: (text: string) => string): string {
  const policy = `default-src 'none'; style-src 'sha256-${sha256Base64(style)}'; base-uri 'none'; form-action 'none'`
  const [results, ...others] = scorecardSections(card)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${scorecardTitle(card)}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<main>
<header><h1>${scorecardTitle(card)}</h1><p class="sub">${scorecardSubtitle(card)}</p></header>
${card.decisions.map((decision) => decisionHtml(decisionSection(card, decision), decision.decision))}
${results === undefined ? [] : [sectionHtml(results)]}
<section><h2>Pictures</h2>${charts(card)}</section>
${others.map(sectionHtml)}
<p><strong>${conclusion(card)}</strong></p>
</main>
</body>
</html>
`
  return page.markup
}

function decisionHtml(section: Section, decision: 'adopt' | 'extend' | 'reject'): Html {
  return html`<section class="decision ${decision}"><h2>${section.title}</h2>${listHtml(section.lines ?? [])}</section>`
}

function sectionHtml({ title, table, lines = [] }: Section): Html {
  return html`<section><h2>${title}</h2>${table === undefined || table.rows.length === 0 ? [] : [tableHtml(table)]}${listHtml(lines)}</section>`
}

function listHtml(lines: readonly string[]): Html {
  return lines.length === 0 ? html`` : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`
}

/** A wide table scrolls in its own place, so that the page fits a telephone. */
function tableHtml({ head, align, rows }: SectionTable): Html {
  const side = (column: number) => ({ markup: align[column] === 'r' ? ' class="r"' : '' })
  const verdict = head.indexOf('verdict')
  const cell = (text: string, column: number) => {
    if (column === 0) return html`<th scope="row">${text.trim()}</th>`
    if (column === verdict && verdicts.has(text)) return html`<td><span class="${text}">${text}</span></td>`
    return html`<td${side(column)}>${text.trim()}</td>`
  }
  return html`<div class="scroll" tabindex="0"><table><thead><tr>${head.map((text, column) => html`<th scope="col"${side(column)}>${text}</th>`)}</tr></thead><tbody>${rows.map(
    (row) =>
      row.length === 1
        ? html`<tr><th colspan="${head.length}" scope="rowgroup">${row[0] ?? ''}</th></tr>`
        : html`<tr>${row.map(cell)}</tr>`,
  )}</tbody></table></div>`
}

const verdicts: ReadonlySet<string> = new Set(['met', 'missed', 'inconclusive'])

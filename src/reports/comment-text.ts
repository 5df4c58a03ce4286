import { markdown } from './scorecard-markdown.js'
import { clip } from './text.js'

/**
 * Untrusted text for a comment on GitHub, cut to `width` columns. GitHub looks for mentions, issues and emoji in the text that
 * was rendered, where no escape is left: a zero-width space stops it.
 */
export function commentText(text: string, width = 80): string {
  return markdown(clip(text, width))
    .replaceAll('$', '&#36;')
    .replace(/@|(?<!&)#|\bGH-(?=\d)|:(?=[\w+\\-]+:)/gi, '$&&#8203;')
}

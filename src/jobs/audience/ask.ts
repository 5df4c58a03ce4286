import type { PlatformAnswers } from '../../core/ask/standing.js'
import { answersForProduct, overallSights } from '../../core/audience/ask.js'
import type { Names } from '../../core/audience/names.js'
import type { Overall } from '../ask/overall.js'

type Answered = PlatformAnswers & { overall: Overall | undefined }

/** One question on a platform, and what all runs answer, in numbers. */
export function overallForProduct({ overall, ...answers }: Answered, names: Names): Answered {
  return { ...answersForProduct(answers), overall: overall && bareOverall(overall, names) }
}

function bareOverall(overall: Overall, names: Names): Overall {
  const see = overallSights(names)
  if (overall.of === 'quality') return { of: 'quality', answer: see.quality(overall.answer) }
  if (overall.of === 'cost') return { of: 'cost', answer: see.cost(overall.answer) }
  if (overall.of === 'spikes') return { of: 'spikes', answer: see.spikes(overall.answer) }
  return { of: 'offline', answer: see.offline(overall.answer) }
}

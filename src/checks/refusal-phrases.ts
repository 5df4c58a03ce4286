const subjects = ['i', 'we']
const unable = ["can't", 'cannot', 'can not', "won't", 'will not', 'could not', "couldn't"]
const unableBe = ['am unable to', "'m unable to", 'are unable to', "'re unable to", 'am not able to', "'m not able to"]
const tasks = [
  'help with',
  'help you',
  'assist',
  'provide',
  'answer',
  'comply',
  'fulfill',
  'fulfil',
  'discuss',
  'share',
]
const deeds = ['do that', 'do this', 'disclose', 'reveal', 'give you', 'tell you', 'create', 'generate', 'find']

/** Beginnings of English refusals and of answers that own up to not knowing, in lower case, with straight apostrophes. */
export const refusalPhrases: readonly string[] = [
  ...subjects.flatMap((subject) => [
    ...unable.flatMap((verb) => [...tasks, ...deeds].map((task) => `${subject} ${verb} ${task}`)),
    ...unableBe.map((verb) => (verb.startsWith("'") ? `${subject}${verb}` : `${subject} ${verb}`)),
    ...['must decline', 'have to decline', 'must refuse', 'decline to'].map((verb) => `${subject} ${verb}`),
    ...["don't know", 'do not know'].map((verb) => `${subject} ${verb}`),
    ...["don't have", 'do not have', "didn't find", 'did not find', "couldn't find", 'could not find'].flatMap((verb) =>
      ['information', 'any information', 'enough information', 'that information', 'access to', 'an answer'].map(
        (thing) => `${subject} ${verb} ${thing}`,
      ),
    ),
  ]),
  'as an ai language model',
  "sorry, but i can't",
  'sorry, but i cannot',
  "sorry, i can't",
  'sorry, i cannot',
  "sorry, can't help",
  'unable to help with',
  'unable to assist',
  'not able to help with',
  'against my guidelines',
  'against our policy to',
]

/** A script of what someone would do with the tool, and when it counts as done. */
export interface TaskScript {
  id: string
  title: string
  given: string
  steps: readonly string[]
  done: string
}

/** One of the people who will work with the tool. */
interface Persona {
  persona: string
  tasks: readonly TaskScript[]
}

/** The task scripts of a pilot, by persona: one persona alone means that adoption stalls. */
export const personas: readonly Persona[] = [
  {
    persona: 'on-call engineer',
    tasks: [
      {
        id: 'on-call-spike',
        title: 'A spike of failed generations',
        given: 'An alert: more generations than usual failed within one hour.',
        steps: [
          'Find the failed runs of that hour.',
          'Say what they have in common: model, prompt version, tool, tenant or release.',
          'Open one of them at the step that failed first.',
        ],
        done: 'You name the step, the cause and who is affected, each with the id of a trace.',
      },
      {
        id: 'on-call-slow',
        title: 'A latency alert',
        given: 'An alert: the 95th percentile of the response time has doubled since this morning.',
        steps: [
          'Find the slowest runs since then.',
          'Say which step takes the time, and whether it was retried.',
          'Say whether one tenant, one model or everybody is slow.',
        ],
        done: 'You name the slow step, and the group of runs that it slows down.',
      },
      {
        id: 'on-call-retries',
        title: 'Retries and fallbacks',
        given: 'One run that cost several times as much as usual.',
        steps: ['Open the run.', 'Count its retries and fallbacks.', 'Say what caused the first of them.'],
        done: 'You name the first error, and which model answered in the end.',
      },
    ],
  },
  {
    persona: 'prompt engineer',
    tasks: [
      {
        id: 'prompt-compare',
        title: 'Two versions of a prompt',
        given: 'Two versions of the same prompt, both in production traces or in an experiment.',
        steps: [
          'See both texts beside each other.',
          'Compare the outputs on the same inputs.',
          'Compare quality, latency and cost, each with its number of runs.',
        ],
        done: 'You say which version is better at what, on how many cases.',
      },
      {
        id: 'prompt-origin',
        title: 'From an output to its prompt',
        given: 'One production output that is wrong.',
        steps: ['Open its trace.', 'Find the prompt, its version and the variables that filled it.'],
        done: 'You show the rendered prompt, and the version it was made from.',
      },
      {
        id: 'prompt-rollback',
        title: 'Roll a version back',
        given: 'A version that should not stay in production.',
        steps: ['Put the version before it live again.', 'Find a new trace that ran on it.'],
        done: 'You show a trace that is newer than the rollback and names the old version.',
      },
    ],
  },
  {
    persona: 'ML engineer',
    tasks: [
      {
        id: 'ml-upgrade',
        title: 'Eval failures after a model upgrade',
        given: 'A suite that passed before the model was upgraded and fails on some cases now.',
        steps: [
          'List the cases that pass on the old model and fail on the new one.',
          'Open one of them on both models.',
          'Group the failures by what went wrong.',
        ],
        done: 'You name the largest group of new failures, with two cases of it.',
      },
      {
        id: 'ml-dataset',
        title: 'From traces to eval cases',
        given: 'Ten production traces that went wrong.',
        steps: ['Turn them into cases of a dataset.', 'Add the output that was expected.', 'Run the suite on them.'],
        done: 'The suite has run on the ten cases, and each leads back to its trace.',
      },
    ],
  },
  {
    persona: 'product manager',
    tasks: [
      {
        id: 'product-feedback',
        title: 'Feedback tied to traces, without raw text',
        given: 'The feedback of last week, and an account that may not read raw text.',
        steps: [
          'Find what share of the runs with feedback was rated down.',
          'Say which workflow, tenant or prompt version has the most of it.',
        ],
        done: 'You name the group and its share, and no raw text of a user was opened.',
      },
      {
        id: 'product-cost',
        title: 'What a completed task costs',
        given: 'The question what the workflow costs per completed task, and which customers are dear.',
        steps: ['Find the cost per run.', 'Break it down by tenant.'],
        done: 'You name the cost per run and the dearest tenant, and how many runs have no known cost.',
      },
    ],
  },
  {
    persona: 'support engineer',
    tasks: [
      {
        id: 'support-complaint',
        title: 'From a complaint to its trace',
        given: 'A complaint: a user or a customer, a rough time, and what was wrong.',
        steps: ['Find the run.', 'Say what the user asked, what was retrieved and what was answered.'],
        done: 'You name the id of the trace, and the step where it went wrong.',
      },
      {
        id: 'support-similar',
        title: 'Who else has the problem',
        given: 'One run that went wrong, found from a complaint.',
        steps: ['Find other runs with the same fault in the last seven days.', 'Count the users they belong to.'],
        done: 'You name how many runs and users have it, and how you found them.',
      },
    ],
  },
]

/** Every script with its persona, in the order of the catalogue. */
export const taskScripts: readonly (TaskScript & { persona: string })[] = personas.flatMap(({ persona, tasks }) =>
  tasks.map((task) => ({ persona, ...task })),
)

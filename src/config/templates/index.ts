import { codingAssistant } from './coding-assistant.js'
import { extraction } from './extraction.js'
import { rag } from './rag.js'
import { salesEmail } from './sales-email.js'
import { supportAgent } from './support-agent.js'
import type { Template } from './template.js'

/** Every template, the default first. Add a new one here. */
export const templates: readonly Template[] = [supportAgent, salesEmail, extraction, codingAssistant, rag]

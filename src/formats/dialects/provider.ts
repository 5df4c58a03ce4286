/** The provider's name after OpenTelemetry's list; undefined for frameworks, which instrumentations name by mistake. */
export function normaliseProvider(name: string): string | undefined {
  const plain = name.trim().toLowerCase()
  if (frameworks.has(plain) || plain === '') return undefined
  const known = aliases.get(plain)
  if (known !== undefined) return known
  if (/^(aws|azure|gcp|ibm)\./.test(plain)) return plain
  // The AI SDK writes the endpoint behind a dot: `openai.responses`, `anthropic.messages`.
  const head = plain.split('.', 1)[0]!
  return aliases.get(head) ?? head
}

/** True when the name is a framework's: its span then wraps a model call that another span states. */
export function isFramework(name: string): boolean {
  return frameworks.has(name.trim().toLowerCase())
}

const aliases = new Map([
  ['az.ai.openai', 'azure.ai.openai'],
  ['az.ai.inference', 'azure.ai.inference'],
  ['azure', 'azure.ai.openai'],
  ['openai.azure', 'azure.ai.openai'],
  ['amazon.bedrock', 'aws.bedrock'],
  ['azure_openai', 'azure.ai.openai'],
  ['azure-openai', 'azure.ai.openai'],
  ['bedrock', 'aws.bedrock'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['amazon_bedrock', 'aws.bedrock'],
  ['gemini', 'gcp.gemini'],
  ['google', 'gcp.gen_ai'],
  ['google_genai', 'gcp.gen_ai'],
  ['google.vertex', 'gcp.vertex_ai'],
  ['google.vertex.chat', 'gcp.vertex_ai'],
  ['google_vertexai', 'gcp.vertex_ai'],
  ['vertex_ai', 'gcp.vertex_ai'],
  ['vertexai', 'gcp.vertex_ai'],
  ['mistral', 'mistral_ai'],
  ['mistralai', 'mistral_ai'],
  ['watsonx', 'ibm.watsonx.ai'],
  ['xai', 'x_ai'],
])

const frameworks = new Set([
  'ag2',
  'agno',
  'autogen',
  'crewai',
  'dspy',
  'gcp.vertex.agent',
  'haystack',
  'langchain',
  'langgraph',
  'litellm',
  'llama_index',
  'llamaindex',
  'microsoft.agent_framework',
  'none',
  'openai_agents',
  'pydantic-ai',
  'pydantic_ai',
  'semantic_kernel',
  'smolagents',
  'spring_ai',
  'strands',
  'strands-agents',
  'traceloop',
  'unknown',
])

/** An entry of a platform's prompt registry. */
export interface PromptName {
  id: string
  name: string
}

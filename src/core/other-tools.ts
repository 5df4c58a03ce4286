/** Where else an engineer had to look: each is visibility that the platform did not give. */
export const otherTools = ['logs', 'apm', 'warehouse', 'chat', 'code', 'colleague', 'other'] as const
export type OtherTool = (typeof otherTools)[number]

export { McpInstrumentation } from './mcp-instrumentation.js'
export { instrumentClient, instrumentServer } from './instrument.js'
export { DEFAULT_CONTEXT_DESCRIPTION } from './config.js'
export type { CaptureContent, ContextMode, McpInstrumentationConfig } from './config.js'

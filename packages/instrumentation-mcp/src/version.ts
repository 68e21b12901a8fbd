export const INSTRUMENTATION_NAME = '@mcpcat/instrumentation-mcp'
/** Kept equal to package.json by a test. */
export const INSTRUMENTATION_VERSION = '0.1.0'

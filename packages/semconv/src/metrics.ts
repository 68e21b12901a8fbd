/** The four histograms of the MCP conventions, in seconds. */
export const METRIC_MCP_SERVER_OPERATION_DURATION = 'mcp.server.operation.duration'
export const METRIC_MCP_CLIENT_OPERATION_DURATION = 'mcp.client.operation.duration'
export const METRIC_MCP_SERVER_SESSION_DURATION = 'mcp.server.session.duration'
export const METRIC_MCP_CLIENT_SESSION_DURATION = 'mcp.client.session.duration'

/** Bucket boundaries that the conventions give for all four. */
export const DURATION_BUCKETS_SECONDS: readonly number[] = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
]

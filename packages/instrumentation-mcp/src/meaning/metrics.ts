import type { Histogram, Meter } from '@opentelemetry/api'
import {
  DURATION_BUCKETS_SECONDS,
  METRIC_MCP_CLIENT_OPERATION_DURATION,
  METRIC_MCP_CLIENT_SESSION_DURATION,
  METRIC_MCP_SERVER_OPERATION_DURATION,
  METRIC_MCP_SERVER_SESSION_DURATION,
} from '@mcpcat/semconv'

/** The four histograms of the conventions, in seconds. */
export interface OperationMetrics {
  readonly serverOperation: Histogram
  readonly clientOperation: Histogram
  readonly serverSession: Histogram
  readonly clientSession: Histogram
}

export function createMetrics(meter: Meter): OperationMetrics {
  const histogram = (name: string, description: string): Histogram =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: [...DURATION_BUCKETS_SECONDS] },
    })
  return {
    serverOperation: histogram(
      METRIC_MCP_SERVER_OPERATION_DURATION,
      'MCP request or notification duration as observed on the receiver from the time it was received until the result or ack is sent.',
    ),
    clientOperation: histogram(
      METRIC_MCP_CLIENT_OPERATION_DURATION,
      'The duration of the MCP request or notification as observed on the sender from the time it was sent until the response or ack is received.',
    ),
    serverSession: histogram(
      METRIC_MCP_SERVER_SESSION_DURATION,
      'The duration of the MCP session as observed on the MCP server.',
    ),
    clientSession: histogram(
      METRIC_MCP_CLIENT_SESSION_DURATION,
      'The duration of the MCP session as observed on the MCP client.',
    ),
  }
}

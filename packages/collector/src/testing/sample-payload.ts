import type { Payload, PayloadSignal } from '../batch.js'
import { parsePayload } from '../otlp/payload-json.js'

/** A request of `count` data points of one counter, or of `count` log records. */
export function samplePayload(signal: PayloadSignal, count = 1): Promise<Payload> {
  const items = Array.from({ length: count }, (_, index) => index)
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'sample' } }] }
  const json =
    signal === 'metrics'
      ? { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'sample' }, metrics: [counter(items)] }] }] }
      : {
          resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'sample' }, logRecords: items.map(record) }] }],
        }
  return parsePayload(signal, JSON.stringify(json))
}

const TIME = '1790000000000000000'

function counter(items: readonly number[]): object {
  const dataPoints = items.map((index) => ({
    attributes: [{ key: 'worker', value: { intValue: String(index) } }],
    startTimeUnixNano: TIME,
    timeUnixNano: TIME,
    asInt: String(index),
  }))
  return { name: 'jobs.done', unit: '{job}', sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true } }
}

function record(index: number): object {
  return {
    timeUnixNano: TIME,
    severityNumber: 9,
    severityText: 'INFO',
    body: { stringValue: `job ${index} is done` },
    traceId: (index + 1).toString(16).padStart(32, '0'),
    spanId: (index + 1).toString(16).padStart(16, '0'),
  }
}

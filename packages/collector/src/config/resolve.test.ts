import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ExporterFactory, ReceiverFactory } from '../component.js'
import { loadConfig } from './load.js'
import { resolveConfig } from './resolve.js'
import { duration, hostPort } from './values.js'

const receiver: ReceiverFactory = {
  kind: 'receiver',
  type: 'ticker',
  description: '',
  configSchema: z.strictObject({
    endpoint: hostPort('127.0.0.1:1'),
    nested: z.strictObject({ interval: duration('5s') }).optional(),
    secret: z.string().optional(),
  }),
  create: () => ({}),
}
const exporter: ExporterFactory = {
  kind: 'exporter',
  type: 'sink',
  description: '',
  configSchema: z.strictObject({}),
  create: () => ({ consumeTraces: async () => undefined }),
}

const pipeline = 'service: { pipelines: { traces: { receivers: [ticker], exporters: [sink] } } }'

const resolve = (text: string, env = {}) =>
  resolveConfig(loadConfig({ sources: [{ name: 'c.yaml', text }], env }), [receiver, exporter])

const problems = (text: string): string[] => {
  try {
    resolve(text)
  } catch (error) {
    return (error as Error).message.split('\n')
  }
  return []
}

it('completes settings with defaults, also where a key stands without a value', () => {
  const { receivers, exporters } = resolve(`receivers:\n  ticker:\n    nested:\nexporters:\n  sink:\n${pipeline}`)
  expect(receivers.get('ticker')?.config).toEqual({
    endpoint: { host: '127.0.0.1', port: 1 },
    nested: { interval: 5000 },
  })
  expect(exporters.get('sink')?.config).toEqual({})
})

it('lets a variable that reads as a number fill a string', () => {
  const config = resolve(`receivers: { ticker: { secret: '\${env:S}' } }\nexporters: { sink: }\n${pipeline}`, {
    S: '0123',
  })
  expect(config.receivers.get('ticker')?.config).toMatchObject({ secret: '0123' })
})

describe('a wrong configuration names path, line and nearest key', () => {
  it.each([
    [
      'receivers:\n  ticker:\n    nested:\n      intervall: 1s',
      'c.yaml:4: receivers.ticker.nested.intervall: unknown key "intervall"; did you mean "interval"?',
    ],
    [
      'receivers:\n  ticker:\n    nested: { interval: 5 }',
      'c.yaml:3: receivers.ticker.nested.interval: expected string, received number',
    ],
    [
      'receivers:\n  ticker:\n    nested: { interval: 5 s }',
      'c.yaml:3: receivers.ticker.nested.interval: expected a duration such as 200ms, 5s or 1m30s',
    ],
    ['receivers:\n  tickr:', 'c.yaml:2: receivers.tickr: unknown receiver "tickr"; did you mean "ticker"?'],
    ['recievers:\n  ticker:', 'c.yaml:1: recievers: unknown key "recievers"; did you mean "receivers"?'],
  ])('%s', (text, problem) => {
    expect(problems(`${text}\n${pipeline}`)).toContain(problem)
  })

  it('for references', () => {
    const found = problems(`receivers: { ticker: }
exporters: { sink/a: }
service:
  pipelines:
    traces:
      receivers: [ticker, ticker]
      exporters: [sink/b]
    metrics:
      receivers: [ticker]
      exporters: [sink/a]
    spans:
      receivers: [ticker]
      exporters: [sink/a]`)
    expect(found).toEqual([
      'c.yaml:6: service.pipelines.traces.receivers[1]: "ticker" is listed twice',
      'c.yaml:7: service.pipelines.traces.exporters[0]: "sink/b" is not configured under exporters; did you mean "sink/a"?',
      'c.yaml:9: service.pipelines.metrics.receivers[0]: "ticker" takes no metrics, only traces',
      'c.yaml:10: service.pipelines.metrics.exporters[0]: "sink/a" takes no metrics, only traces',
      'c.yaml:11: service.pipelines.spans: a pipeline is named for its signal, traces, metrics or logs, as in traces or traces/name',
    ])
  })

  it('all of them at once', () => {
    expect(
      problems(
        'receivers: { ticker: { a: 1, b: 2 } }\nservice: { pipelines: { traces: { receivers: [], exporters: [x] } } }',
      ),
    ).toHaveLength(3)
  })
})

import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.js'

describe('the environment', () => {
  it.each([
    ['nothing', {}, 'http/protobuf', undefined],
    ['a collector alone', { MCPCAT_ENDPOINT: 'http://c' }, undefined, 'otlp'],
    [
      'the hosted API, which goes before a collector',
      { MCPCAT_ENDPOINT: 'http://c', MCPCAT_API_URL: 'http://a' },
      undefined,
      'events',
    ],
    ['both ways', { MCPCAT_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf', 'otlp'],
    [
      'both ways, by endpoint',
      { MCPCAT_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://o' },
      'http/protobuf',
      'otlp',
    ],
    [
      'an endpoint for traces',
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://o/v1/traces' },
      'http/protobuf',
      undefined,
    ],
    ['no exporter', { OTEL_TRACES_EXPORTER: 'none' }, undefined, undefined],
    ['JSON', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json', undefined],
    [
      'the protocol for traces',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      'http/json',
      undefined,
    ],
    [
      'empty values, which count as unset',
      { MCPCAT_ENDPOINT: '', OTEL_TRACES_EXPORTER: ' ' },
      'http/protobuf',
      undefined,
    ],
  ])('asks for %s', (_what, environment, standard, mcpcat) => {
    const settings = readSettings(environment)
    expect(settings.standard?.protocol).toBe(standard)
    expect(settings.mcpcat?.protocol).toBe(mcpcat)
    expect(settings.problems).toEqual([])
  })

  it.each([
    [{ MCPCAT_ENDPOINT: 'collector:4318' }, 'MCPCAT_ENDPOINT=collector:4318 is not an http(s) URL'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'otel' }, 'OTEL_EXPORTER_OTLP_ENDPOINT=otel is not an http(s) URL'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not spoken here'],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER: zipkin not known here (none, otlp, console)'],
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, 'OTEL_TRACES_SAMPLER=sometimes is not one of always_on'],
    [{ OTEL_SDK_DISABLED: 'yes' }, 'OTEL_SDK_DISABLED=yes is not one of true, false; using false'],
    [{ OTEL_LOG_LEVEL: 'loud' }, 'OTEL_LOG_LEVEL=loud is not one of none, error'],
    [{ MCPCAT_CAPTURE_CONTENT: 'some' }, 'MCPCAT_CAPTURE_CONTENT=some is not one of mcpcat, all, none'],
    [{ OTEL_NODE_RESOURCE_DETECTORS: 'env,gcp' }, 'OTEL_NODE_RESOURCE_DETECTORS: gcp not known here'],
  ])('names what it cannot understand in %o', (environment, line) => {
    const { problems } = readSettings(environment)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(line)
  })

  it('reads the rest', () => {
    const settings = readSettings({
      OTEL_SDK_DISABLED: 'TRUE',
      OTEL_PROPAGATORS: 'none',
      OTEL_NODE_RESOURCE_DETECTORS: 'env, os',
      MCPCAT_CONTEXT: 'off',
      MCPCAT_CONTEXT_DESCRIPTION: 'Why?',
      MCPCAT_PROJECT_ID: 'proj_1',
      MCPCAT_API_KEY: 'key',
      MCPCAT_ENDPOINT: 'https://collector.example',
    })
    expect(settings).toMatchObject({
      disabled: true,
      propagators: [],
      resourceDetectors: ['env', 'os'],
      instrumentation: { context: 'off', contextDescription: 'Why?', captureContent: 'mcpcat' },
      projectId: 'proj_1',
      mcpcat: { url: 'https://collector.example', apiKey: 'key' },
      problems: [],
    })
  })
})

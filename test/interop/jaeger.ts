import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import type { Page, Session, SessionEvent } from '@mcpcat/store'
import { eventually, getJson, startCollector } from '../end-to-end/collector.js'
import { freePort } from '../harness/free-port.js'
import { requireRegister } from '../harness/preload.js'
import { startStdio } from '../harness/stdio-process.js'
import { Cleanup, startConfigured } from './processes.js'

const server = join(import.meta.dirname, '..', '..', 'end-to-end', 'servers', 'inventory-v2.mjs')

interface JaegerSpan {
  operationName: string
  tags: { key: string; value: unknown }[]
}
interface JaegerTrace {
  data: { spans: JaegerSpan[] }[] | null
}

/** An instrumented MCP server, our collector, and a real Jaeger behind it: its API shows each call with its session. */
export async function jaegerBehind(jaeger: string): Promise<string> {
  const cleanup = new Cleanup()
  try {
    const [http, grpc, query] = [await freePort(), await freePort(), await freePort()]
    await startConfigured(
      cleanup,
      jaeger,
      allInOne(http, grpc, query, await freePort()),
      `http://127.0.0.1:${query}/api/services`,
    )
    const api = `http://127.0.0.1:${query}/api`
    await expectCalls(api, 'otlp', `http://127.0.0.1:${grpc}`)
    await expectCalls(api, 'otlphttp', `http://127.0.0.1:${http}`)
    const services = await getJson<{ data: string[] }>(`${api}/services`)
    ok(services.data.length > 0, 'Jaeger knows no service')
    return `every call under ${services.data.join(', ')}, with the sessions of our store, over gRPC and HTTP`
  } finally {
    await cleanup.run()
  }
}

/** Has two calls made, sent on by the given exporter, and looks for them in Jaeger. */
async function expectCalls(api: string, exporter: string, endpoint: string): Promise<void> {
  const ours = await startCollector(
    `exporters.${exporter}={ endpoint: "${endpoint}" }`,
    `service.pipelines.traces.exporters=[store, ${exporter}]`,
  )
  try {
    await converse(ours.otlp)
    const sessions = await eventually(
      () => getJson<Page<Session>>(`${ours.dashboard}/api/v1/sessions`),
      ({ items }) => items.some(({ toolCalls }) => toolCalls === 2),
    )
    const { id } = sessions.items[0]!
    const { items } = await getJson<Page<SessionEvent>>(`${ours.dashboard}/api/v1/sessions/${id}/events`)
    const calls = items.filter(({ method }) => method === 'tools/call')
    equal(calls.length, 2)
    for (const call of calls) await expectCall(api, call)
  } finally {
    await ours.stop()
  }
}

async function expectCall(api: string, { traceId, sessionId, target, isError }: SessionEvent): Promise<void> {
  const found = await eventually(
    () => fetch(`${api}/traces/${traceId}`).then((answer) => answer.json() as Promise<JaegerTrace>),
    ({ data }) => data?.[0] !== undefined,
  )
  const { operationName, tags } = found.data![0]!.spans[0]!
  const tag = (key: string): unknown => tags.find((one) => one.key === key)?.value
  deepEqual([operationName, tag('gen_ai.tool.name')], [`tools/call ${target}`, target])
  equal(tag('session.id'), sessionId, 'the session in Jaeger is not the one in our store')
  equal(tag('otel.status_code') === 'ERROR', isError)
  ok(tag('mcpcat.intent'), 'no intent in Jaeger')
}

async function converse(endpoint: string): Promise<void> {
  const client = startStdio({
    args: [...requireRegister, server],
    env: { MCPCAT_ENDPOINT: endpoint, OTEL_SERVICE_NAME: 'inventory' },
  })
  await client.initialize()
  await client.callTool('check_stock', { article: 'lamp', context: 'counting lamps' })
  await client.callTool('check_stock', { article: 'ghost', context: 'counting ghosts' })
  client.endStdin()
  await client.ended
}

/** Jaeger's own all-in-one configuration, on ports of ours and without what is not looked at. */
function allInOne(http: number, grpc: number, query: number, queryGrpc: number): object {
  return {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
    },
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: 1000 } } } },
      jaeger_query: {
        storage: { traces: 'memory' },
        http: { endpoint: `127.0.0.1:${query}` },
        grpc: { endpoint: `127.0.0.1:${queryGrpc}` },
      },
    },
    receivers: {
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${http}` }, grpc: { endpoint: `127.0.0.1:${grpc}` } } },
    },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
  }
}

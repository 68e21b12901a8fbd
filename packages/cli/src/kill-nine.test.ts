import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { decodeTraces, encodeTraces } from '@mcpcat/collector'
import { sampleTraces } from '@mcpcat/collector/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'

const bin = join(import.meta.dirname, '..', 'bin', 'mcpcat.js')
/** More for a longer look: `MCPCAT_CRASH_ROUNDS=50`. */
const rounds = Number(process.env['MCPCAT_CRASH_ROUNDS'] ?? 5)
const SPANS = 20

let folder: string
let child: ChildProcess | undefined

/** The services whose batches have arrived; each batch has a service of its own. */
const arrived = new Set<string>()
const backend = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    // Down every now and then, so that there is something in the journal to lose.
    if (Math.random() < 0.3) {
      response.writeHead(503).end()
      return
    }
    for (const { resource } of decodeTraces(Buffer.concat(chunks)).resourceSpans)
      arrived.add(resource.attributes[0]!.value.stringValue!)
    response.end()
  })
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-kill-'))
  await new Promise<void>((resolve) => void backend.listen(0, '127.0.0.1', resolve))
  await writeFile(
    join(folder, 'otel-collector.yaml'),
    `extensions: { file_storage: { directory: ${join(folder, 'queue')} } }
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } }
exporters:
  otlphttp:
    endpoint: http://127.0.0.1:${(backend.address() as AddressInfo).port}
    compression: none
    sending_queue: { storage: file_storage, queue_size: 100000 }
    retry_on_failure: { initial_interval: 50ms, max_interval: 100ms, max_elapsed_time: 0s }
service:
  extensions: [file_storage]
  pipelines: { traces: { receivers: [otlp], exporters: [otlphttp] } }
`,
  )
})
afterEach(async () => {
  child?.kill('SIGKILL')
  backend.close()
  backend.closeAllConnections()
  await rm(folder, { recursive: true, force: true })
})

async function startCollector(): Promise<{ url: string; killed: Promise<unknown> }> {
  child = spawn(process.execPath, [bin, 'collector'], { cwd: folder, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const [message] = (await once(child, 'message')) as [{ otlpHttp: string }]
  return { url: `${message.otlpHttp}/v1/traces`, killed: once(child, 'exit') }
}

it(
  `what was acknowledged survives kill -9, ${rounds} times`,
  async () => {
    const acknowledged: string[] = []
    let next = 0
    const send = async (url: string): Promise<void> => {
      for (;;) {
        const service = `service-${next++}`
        const body = new Uint8Array(encodeTraces(sampleTraces(SPANS, service)))
        try {
          const response = await fetch(url, {
            method: 'POST',
            headers: { 'Content-Type': 'application/x-protobuf' },
            body,
          })
          if (response.status === 200) acknowledged.push(service)
        } catch {
          // Killed: what was on its way was not acknowledged.
          return
        }
      }
    }

    for (let round = 0; round < rounds; round += 1) {
      const { url, killed } = await startCollector()
      const senders = Array.from({ length: 8 }, () => send(url))
      await delay(50 + Math.random() * 400)
      child?.kill('SIGKILL')
      await killed
      await Promise.all(senders)
    }
    expect(acknowledged.length).toBeGreaterThan(rounds)

    const { killed } = await startCollector()
    await expect.poll(() => acknowledged.filter((service) => !arrived.has(service)), { timeout: 60_000 }).toEqual([])
    child?.kill('SIGTERM')
    await killed
  },
  60_000 + rounds * 10_000,
)

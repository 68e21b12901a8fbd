import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { encodeTraces } from '@mcpcat/collector'
import { sampleTraces } from '@mcpcat/collector/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { startCollector, type RunningCollector } from '../end-to-end/collector.js'
import { freePort } from '../harness/free-port.js'
import { bombs, brokenHttp2, mutatedGrpc, mutatedHttp, openSockets, type Answers } from './attacks.js'
import { sendValidTraffic, type ValidTraffic } from './valid-traffic.js'

/** `MCPCAT_HOSTILE=full npm test -- test/hostile`: minutes instead of seconds, and figures. */
const full = process.env['MCPCAT_HOSTILE'] === 'full'
const size = (small: number, large: number): number => (full ? large : small)
const MIB = 1024 * 1024
/** What the collector may ever take, whatever comes. */
const MEMORY_MIB = 2048

let collector: RunningCollector
let grpc: string
let traffic: ValidTraffic
const figures: object[] = []

beforeAll(async () => {
  grpc = `127.0.0.1:${await freePort()}`
  collector = await startCollector(`receivers.otlp.protocols.grpc.endpoint=${grpc}`)
  traffic = sendValidTraffic(collector.otlp)
})
afterEach(async ({ task }) => {
  const { statuses, median, slowest } = await traffic.look()
  const { now, peak } = memory()
  figures.push({ attack: task.name, rss: now, peak, median, slowest })
  expect(statuses, 'valid traffic was refused').toEqual([200])
  expect(peak).toBeLessThan(MEMORY_MIB)
})
afterAll(async () => {
  await traffic.stop()
  if (full) console.table(figures)
  expect(await collector.stop()).toBe(0)
})

/** Resident memory of the collector in MiB, now and at its highest so far; nothing where there is no /proc. */
function memory(): { now: number; peak: number } {
  if (process.platform !== 'linux') return { now: 0, peak: 0 }
  const text = readFileSync(`/proc/${collector.pid}/status`, 'utf8')
  const read = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1]) / 1024)
  return { now: read('VmRSS'), peak: read('VmHWM') }
}

/** A while in which only valid traffic comes. */
it('nothing', async () => {
  await delay(size(500, 5000))
})

it('mutated requests over HTTP', { timeout: 600_000 }, async () => {
  const count = size(1500, 100_000)
  const answers = await mutatedHttp(collector.otlp, count)
  expect(total(answers)).toBe(count)
  expect(Object.keys(answers).toSorted()).toEqual(['200', '400'])
})

it('mutated requests over gRPC', { timeout: 600_000 }, async () => {
  const answers = await mutatedGrpc(grpc, size(500, 20_000))
  expect(Object.keys(answers).toSorted()).toEqual(['INVALID_ARGUMENT', 'OK'])
  await brokenHttp2(grpc, size(100, 1000))
  expect(Object.keys(await mutatedGrpc(grpc, 20)).length).toBeGreaterThan(0)
})

it('spans that claim to have taken centuries', { timeout: 600_000 }, async () => {
  const traces = sampleTraces(100)
  for (const span of traces.resourceSpans[0]!.scopeSpans[0]!.spans) {
    span.startTimeUnixNano = 1n
    span.endTimeUnixNano = 2n ** 63n - 1n
  }
  const response = await fetch(`${collector.otlp}/v1/traces`, {
    method: 'POST',
    body: new Uint8Array(encodeTraces(traces)),
    headers: { 'Content-Type': 'application/x-protobuf' },
  })
  expect(response.status).toBe(200)
  await delay(size(2000, 10_000))
})

it('compressed bombs', { timeout: 600_000 }, async () => {
  const zeros = Buffer.alloc(size(100, 500) * MIB)
  const packed = [
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['zstd', zstdCompressSync(zeros)],
  ] as const
  const count = size(12, 300)
  const answers = await bombs(collector.otlp, packed, count)
  expect(total(answers)).toBe(count)
  expect(Object.keys(answers)).toEqual(['413'])
})

it('headers and bodies that come byte by byte, or never', { timeout: 600_000 }, async () => {
  const count = size(200, 2000)
  const head = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n'
  const sockets = await openSockets(collector.otlp, count, (index) =>
    index % 2 === 0 ? head : `${head}Content-Length: 100000\r\n\r\n`,
  )
  for (let byte = 0; byte < size(3, 30); byte += 1) {
    for (const [index, socket] of sockets.entries()) socket.write(index % 2 === 0 ? `X-${byte}: y\r\n` : 'x')
    await delay(1000)
  }
  for (const socket of sockets) socket.destroy()
})

it('idle connections, on both ports', { timeout: 600_000 }, async () => {
  const count = size(1000, 10_000)
  const sockets = await openSockets(collector.otlp, count * 0.9, () => '')
  sockets.push(...(await openSockets(`http://${grpc}`, count * 0.1, () => '')))
  await delay(size(500, 5000))
  expect(sockets.filter(({ closed }) => !closed).length).toBeGreaterThan(count * 0.5)
  for (const socket of sockets) socket.destroy()
})

function total(answers: Answers): number {
  return Object.values(answers).reduce((sum, count) => sum + count, 0)
}

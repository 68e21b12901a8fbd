import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Client, credentials, Metadata, status } from '@grpc/grpc-js'
import { encodeTraces, tracesToJson } from '@mcpcat/collector'
import { mutate, randomNumbers, sampleTraces, type Random } from '@mcpcat/collector/testing'

const protobuf = encodeTraces(sampleTraces(3))
const json = Buffer.from(JSON.stringify(tracesToJson(sampleTraces(2))))
const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

const asIs = (bytes: Buffer): Buffer => bytes

/** How often each answer came. */
export type Answers = Record<string, number>

/** Runs `count` of them, so many at a time. */
async function each(count: number, atATime: number, one: (index: number) => Promise<string>): Promise<Answers> {
  const answers: Answers = {}
  let next = 0
  async function worker(): Promise<void> {
    while (next < count) {
      const answer = await one(next++)
      answers[answer] = (answers[answer] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  return answers
}

function mutated(original: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original)
  for (let times = 1 + random(3); times > 0; times -= 1) bytes = mutate(bytes, random)
  return bytes
}

/** Mutated requests, protobuf and JSON, over connections that are kept alive. */
export async function mutatedHttp(otlp: string, count: number): Promise<Answers> {
  const random = randomNumbers(42)
  const agent = new Agent({ keepAlive: true, maxSockets: 128 })
  // Many at a time, so that what turns out valid is written together.
  const answers = await each(count, 128, (index) =>
    index % 4 === 0
      ? post(otlp, agent, mutated(json, random), { 'Content-Type': 'application/json' })
      : post(otlp, agent, mutated(protobuf, random), { 'Content-Type': 'application/x-protobuf' }),
  )
  agent.destroy()
  return answers
}

/** Mutated messages in whole calls; `grpc` is `host:port`. */
export async function mutatedGrpc(grpc: string, count: number): Promise<Answers> {
  const random = randomNumbers(43)
  const client = new Client(grpc, credentials.createInsecure())
  const answers = await each(
    count,
    128,
    () =>
      new Promise((resolve) => {
        client.makeUnaryRequest(EXPORT, asIs, asIs, mutated(protobuf, random), new Metadata(), (error) =>
          resolve(status[error?.code ?? 0]!),
        )
      }),
  )
  client.close()
  return answers
}

/** Connections to the gRPC port on which HTTP/2 itself is broken. */
export async function brokenHttp2(grpc: string, count: number): Promise<void> {
  const random = randomNumbers(44)
  const [host = '', port] = grpc.split(':')
  // The preface, an empty SETTINGS, and the head of a HEADERS frame.
  const opening = Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    Buffer.from('000000040000000000', 'hex'),
    Buffer.from('00002f010400000001', 'hex'),
    Buffer.alloc(47, 0x82),
  ])
  await each(count, 50, async () => {
    const socket = connect(Number(port), host)
    socket.on('error', () => undefined)
    await once(socket, 'connect').catch(() => undefined)
    socket.end(mutated(opening, random))
    socket.resume()
    await Promise.race([once(socket, 'close').catch(() => undefined), delay(2000, undefined, { ref: false })])
    socket.destroy()
    return 'sent'
  })
}

/** Bodies that unpack to far more than is taken. */
export async function bombs(
  otlp: string,
  packed: readonly (readonly [string, Buffer])[],
  count: number,
): Promise<Answers> {
  const agent = new Agent({ keepAlive: true, maxSockets: 40 })
  const answers = await each(count, 40, (index) => {
    const [encoding, bytes] = packed[index % packed.length]!
    return post(otlp, agent, bytes, { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': encoding })
  })
  agent.destroy()
  return answers
}

/** Opens connections, `opening` chosen by number, and answers them once all are open. */
export async function openSockets(url: string, count: number, opening: (index: number) => string): Promise<Socket[]> {
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  await each(count, 200, async (index) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.resume()
    const text = opening(index)
    if (text) socket.write(text)
    sockets.push(socket)
    return 'open'
  })
  return sockets
}

function post(otlp: string, agent: Agent, body: Buffer, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const sending = request(
      `${otlp}/v1/traces`,
      { method: 'POST', agent, headers: { ...headers, 'Content-Length': body.length } },
      (response) => {
        response.resume()
        response.once('close', () => resolve(String(response.statusCode)))
      },
    )
    sending.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name))
    sending.end(body)
  })
}

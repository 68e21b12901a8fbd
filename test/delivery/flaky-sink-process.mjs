// The receiving side of flaky-sink.ts: takes OTLP protobuf, reports the ids of tools/call spans.
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { repeated ScopeSpans scope_spans = 2; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span { bytes span_id = 2; string name = 5; }
`)
const Request = root.lookupType('Request')
const sockets = new Set()
let port = 0
let server

function receive(request, response) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { resourceSpans } = Request.decode(gunzipSync(Buffer.concat(chunks)))
    const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    const calls = spans.filter(({ name }) => name.startsWith('tools/call'))
    process.send({ spanIds: calls.map(({ spanId }) => Buffer.from(spanId).toString('hex')) })
    response.end()
  })
}

function up() {
  server = createServer(receive)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(port, '127.0.0.1', () => {
    port = server.address().port
    process.send({ state: 'up', port })
  })
}

function down() {
  for (const socket of sockets) socket.destroy()
  server.close(() => process.send({ state: 'down', port }))
}

process.on('message', (state) => (state === 'up' ? up() : down()))
process.on('disconnect', () => process.exit())

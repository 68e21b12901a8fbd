// An OTLP/HTTP receiver in a process of its own that counts spans and answers 200.
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    process.send({ spans: countSpans(bytes), bytes: body.length })
    response.end()
  })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('disconnect', () => process.exit())

// Every span of the benchmark carries this event type exactly once.
function countSpans(bytes) {
  let count = 0
  for (let at = bytes.indexOf('bench-span'); at !== -1; at = bytes.indexOf('bench-span', at + 1)) count += 1
  return count
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { checkLean, checkSpan } from '../conventions/check-span.js'
import type { ReceivedSpan } from '../harness/otlp-messages.js'
import { startSink } from '../harness/otlp-sink.js'
import { requireRegister } from '../harness/preload.js'
import { startStdio } from '../harness/stdio-process.js'

/** The module forms of fastmcp that are tried. */
export const fastmcpForms = ['mjs', 'cjs'] as const

/** What was seen of a fastmcp server. */
export interface FastmcpFinding {
  /** Calls whose span has what the tool threw. */
  readonly exceptions: number
  /** What is wrong; empty when nothing is. */
  readonly faults: readonly string[]
}

const server = `
const server = new FastMCP({ name: 'framework', version: '1.0.0' })
const add = (name, execute, more) => server.addTool({ name, description: name, execute, ...more })
add('works', async () => 'fine')
add('throws', () => { throw new TypeError('no row', { cause: new RangeError('no table') }) })
add('rejects', async () => { await new Promise(setImmediate); throw new SyntaxError('no column') })
add('refuses', async () => { throw new UserError('not for you', { code: 7 }) })
add('hangs', () => new Promise(() => undefined), { timeoutMs: 50 })
void server.start({ transportType: 'stdio' })
`

/** What the exception event of each tool's call has to say; a tool that throws nothing has none. */
const thrown: Readonly<Record<string, { readonly type: string; readonly stack: readonly string[] } | undefined>> = {
  works: undefined,
  throws: { type: 'TypeError', stack: ['no row', 'Caused by: RangeError: no table', 'server.'] },
  rejects: { type: 'SyntaxError', stack: ['no column', 'server.'] },
  refuses: { type: 'UserError', stack: ['not for you', 'server.'] },
  hangs: { type: 'UserError', stack: ['timed out'] },
}
const tools = Object.keys(thrown)

/** Runs a fastmcp server that fails in all its ways at once, bare and instrumented, beside the installed package. */
export async function probeFastmcp(folder: string, form: (typeof fastmcpForms)[number]): Promise<FastmcpFinding> {
  const sink = await startSink()
  try {
    const file = join(folder, `server.${form}`)
    const names = '{ FastMCP, UserError }'
    const load = form === 'mjs' ? `import ${names} from 'fastmcp'` : `const ${names} = require('fastmcp')`
    await writeFile(file, load + server)
    const bare = await converse([file], {})
    const seen = await converse([...requireRegister, file], { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url })
    const spans = sink.spans.filter(({ name }) => name.startsWith('tools/call '))
    return {
      exceptions: spans.filter(({ events }) => events.length > 0).length,
      faults: [
        ...(isDeepStrictEqual(seen, bare) ? [] : ['the server answers differently']),
        ...sink.spans.flatMap((span) =>
          [...checkSpan(span), ...checkLean(span)].map((fault) => `${span.name}: ${fault}`),
        ),
        ...tools.flatMap((tool) => faultsOf(tool, spans)),
      ],
    }
  } finally {
    await sink.close()
  }
}

function faultsOf(tool: string, spans: readonly ReceivedSpan[]): string[] {
  const [span, ...more] = spans.filter(({ name }) => name === `tools/call ${tool}`)
  if (!span || more.length > 0) return [`${tool}: not one span`]
  const expected = thrown[tool]
  const told = span.events.map(({ attributes }) => attributes)
  if (!expected) return told.length === 0 ? [] : [`${tool}: an exception that nobody threw`]
  const [exception] = told
  if (!exception || told.length > 1) return [`${tool}: ${told.length} exceptions`]
  const stack = String(exception['exception.stacktrace'])
  return [
    ...(span.attributes['error.type'] === 'tool_error' ? [] : [`${tool}: error.type is no tool_error`]),
    ...(exception['exception.type'] === expected.type ? [] : [`${tool}: ${String(exception['exception.type'])}`]),
    ...expected.stack.filter((text) => !stack.includes(text)).map((text) => `${tool}: its stack lacks ${text}`),
  ]
}

async function converse(args: readonly string[], env: Readonly<Record<string, string>>): Promise<unknown[]> {
  const child = startStdio({ args, env })
  await child.initialize()
  // All at once: what one throws is not told of another.
  const answers = await Promise.all(tools.map((tool) => child.callTool(tool, {})))
  child.endStdin()
  const patience = setTimeout(() => child.kill('SIGTERM'), 3000)
  await child.ended
  clearTimeout(patience)
  return answers
}

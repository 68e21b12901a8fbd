import type { DoctorEvent, DoctorLine, Settings } from '@mcpcat/register/doctor'
import type { Conversation, Failure } from './conversation.js'
import type { Endpoint } from './endpoints.js'
import type { RelayedAnswer } from './relay.js'
import { sdkPackage } from './sdk-package.js'

/** What the doctor found, as a sentence, and what to do about it. */
export interface Finding {
  readonly level: 'good' | 'note' | 'bad'
  readonly text: string
  readonly advice?: string
}

export interface Examination {
  readonly settings: Settings
  /** What the instrumented processes reported: the server, and those that started it, such as npx. */
  readonly reports: readonly DoctorLine[]
  readonly conversation: Conversation
  readonly endpoints: readonly Endpoint[]
}

export function diagnose({ settings, reports, conversation, endpoints }: Examination): Finding[] {
  const findings: Finding[] = settings.problems.map((text) => bad(text))
  findings.push(...aboutConversation(conversation))
  if (settings.disabled) {
    return [...findings, bad('OTEL_SDK_DISABLED is true, so nothing is instrumented.', 'Unset it.')]
  }
  const server = reportsOfServer(reports)
  findings.push(...aboutLoading(server, conversation))
  if (!find(server, 'protocol')) return findings
  findings.push(...aboutIntent(conversation, settings), ...aboutSpans(server, settings))
  return [...findings, ...endpoints.flatMap((endpoint) => aboutEndpoint(endpoint, find(server, 'provider')?.provider))]
}

/** Of the process that runs the server: of those that were started, the one that got furthest. */
function reportsOfServer(reports: readonly DoctorLine[]): readonly DoctorLine[] {
  const far = find(reports, 'protocol') ?? find(reports, 'source') ?? reports.at(-1)
  return reports.filter(({ pid }) => pid === far?.pid)
}

function aboutConversation({ server, tools, called, noise, failure, stderr }: Conversation): Finding[] {
  const findings: Finding[] = []
  if (failure) findings.push(aboutFailure(failure, stderr))
  if (noise.length > 0) {
    findings.push(
      bad(
        `The server wrote ${count(noise.length, 'line')} to stdout that ${noise.length === 1 ? 'is' : 'are'} no JSON-RPC: ${quote(noise[0])}`,
        'MCP clients stumble over that. Write logs to stderr.',
      ),
    )
  }
  if (!server) return findings
  const own = tools.filter(({ name }) => name !== 'get_more_tools').length
  findings.push(
    good(`${server.name} ${server.version} answers over stdio (protocol ${server.protocol}, ${count(own, 'tool')}).`),
  )
  if (called?.answered) findings.push(good(`Called the tool ${called.tool}.`))
  else if (called) findings.push(note(`The tool ${called.tool} answered with a protocol error.`))
  else if (!failure) findings.push(note('No tool says that it only reads and needs no arguments, so none was called.'))
  return findings
}

function aboutFailure(failure: Failure, stderr: string): Finding {
  const said = stderr.trim() === '' ? '' : ` Its last words: ${quote(stderr.trim().split('\n').slice(-3).join(' / '))}`
  switch (failure.kind) {
    case 'not started':
      return bad(`The command could not be started: ${failure.reason}.`)
    case 'ended':
      return bad(`The server ended (${failure.signal ?? `exit code ${failure.code}`}) in the conversation.${said}`)
    case 'no server':
      return bad('What was started does not answer initialize as an MCP server does.')
    case 'silent':
      return bad(
        `The server did not answer within ${failure.seconds} seconds.${said}`,
        'This command speaks MCP over stdio; a server for HTTP cannot be examined with it.',
      )
  }
}

function aboutLoading(server: readonly DoctorLine[], { failure }: Conversation): Finding[] {
  const started = find(server, 'started')
  if (!started) {
    const advice = 'Is the command a Node program, of Node 20.19, 22.12 or newer, that leaves NODE_OPTIONS as it is?'
    return failure ? [] : [bad('@mcpcat/register was not loaded.', advice)]
  }
  const findings = [good(`@mcpcat/register was loaded in Node ${started.node} (${loaderNames[started.loader]}).`)]
  if (started.loader === 'commonjs' || started.loader === 'none') {
    findings.push(
      bad(
        'Sources of ES modules cannot be reached in this process.',
        'With --permission, --allow-worker is needed as well.',
      ),
    )
  }
  const sources = server.filter((line) => line.event === 'source')
  const protocol = find(server, 'protocol')
  if (sources.length === 0 && !protocol) {
    findings.push(
      bad(
        'No MCP SDK was recognised in what the server loaded.',
        'Only the official SDK (@modelcontextprotocol/sdk 1.x, @modelcontextprotocol/server 2.x) can be hooked, bundled or not.',
      ),
    )
    return findings
  }
  const packages = [...new Set(sources.map(({ file }) => sdkPackage(file)))]
  findings.push(good(`Hooked ${protocol ? `MCP SDK ${protocol.sdk}` : 'an MCP SDK'}: ${packages.join(', ')}`))
  if (!protocol) findings.push(bad('The MCP SDK was loaded, but the process made no MCP server or client.'))
  return findings
}

const loaderNames: Readonly<Record<Extract<DoctorEvent, { event: 'started' }>['loader'], string>> = {
  synchronous: 'module.registerHooks',
  thread: 'module.register',
  commonjs: 'CommonJS only',
  none: 'no loader',
}

function aboutIntent({ tools }: Conversation, settings: Settings): Finding[] {
  if (settings.instrumentation.context === 'off')
    return [note('MCPCAT_CONTEXT is off: agents are not asked for their intent.')]
  const own = tools.filter(({ name }) => name !== 'get_more_tools')
  if (own.length === 0) return []
  const asking = own.filter(({ asks }) => asks).length
  const text = `${asking} of ${count(own.length, 'tool')} ask for the intent.`
  if (asking === own.length) return [good(text)]
  return [note(`${text} The others have a schema that cannot take the argument, or cannot be seen.`)]
}

function aboutSpans(server: readonly DoctorLine[], settings: Settings): Finding[] {
  if (find(server, 'provider')?.provider === 'other') {
    return [
      note(
        'The process has its own TracerProvider, and the MCP spans go there.',
        'To send them to MCPcat as well, give it a McpcatSpanProcessor from @mcpcat/exporter.',
      ),
    ]
  }
  if (!settings.standard && !settings.mcpcat && !settings.console) {
    return [
      bad(
        'Spans go nowhere: OTEL_TRACES_EXPORTER names no exporter.',
        'Set MCPCAT_ENDPOINT, or OTEL_TRACES_EXPORTER=otlp.',
      ),
    ]
  }
  const names = server.flatMap((line) => (line.event === 'span' ? [line.name] : []))
  if (names.length === 0) return [bad('No span was made.')]
  return [good(`${count(names.length, 'span')} made: ${[...new Set(names)].join(', ')}.`)]
}

function aboutEndpoint({ title, url, answers }: Endpoint, provider: 'own' | 'other' | undefined): Finding[] {
  const where = `${title} ${url}`
  if (!answers) return [note(`${where} is not watched, because it needs certificates.`)]
  if (answers.length === 0) {
    const text = `Nothing was sent to the ${where}.`
    return [provider === 'other' ? note(text) : bad(text)]
  }
  const failed = answers.filter((answer) => !isGood(answer))
  if (failed.length === 0) return [good(`${where} took the spans.`)]
  if (failed.length < answers.length)
    return [note(`${where} took the spans after ${count(failed.length, 'failed attempt')}.`)]
  const last = failed.at(-1)
  if (last && 'status' in last) return [bad(`${where} answered ${last.status}.`, adviceOn(last.status))]
  const reason = last?.error === 'ECONNREFUSED' ? 'nobody listens there' : (last?.error ?? 'no answer')
  return [
    bad(`${where} could not be reached: ${reason}.`, 'Start a collector (mcpcat collector), or set MCPCAT_ENDPOINT.'),
  ]
}

function isGood(answer: RelayedAnswer): boolean {
  return 'status' in answer && answer.status >= 200 && answer.status < 300
}

function adviceOn(status: number): string {
  if (status === 401 || status === 403) return 'Check MCPCAT_API_KEY, or OTEL_EXPORTER_OTLP_HEADERS.'
  if (status === 404) return 'Give the base URL, without /v1/traces.'
  return 'The endpoint says more in its own log.'
}

function find<Name extends DoctorEvent['event']>(
  lines: readonly DoctorLine[],
  name: Name,
): Extract<DoctorLine, { event: Name }> | undefined {
  return lines.find((line): line is Extract<DoctorLine, { event: Name }> => line.event === name)
}

function good(text: string): Finding {
  return { level: 'good', text }
}

function note(text: string, advice?: string): Finding {
  return { level: 'note', text, ...(advice !== undefined && { advice }) }
}

function bad(text: string, advice?: string): Finding {
  return { level: 'bad', text, ...(advice !== undefined && { advice }) }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function quote(text = ''): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text)
}

import { isDeepStrictEqual } from 'node:util'
import type { AnyServer } from './servers.js'
import type { Step } from './traffic.js'
import type { WireKind } from './wires.js'

/** What came back in one step. */
export interface Heard {
  readonly what: string
  readonly messages: readonly unknown[]
}

const DEADLINE = 15_000

/** Plays the script to a server and writes down what comes back, step by step. */
export async function converse(kind: WireKind, build: () => AnyServer, script: readonly Step[]): Promise<Heard[]> {
  const heard: unknown[] = []
  let listening: (() => void) | undefined
  const wire = await kind.open(build, (message) => {
    // In memory, the message is the server's own object: as it is now, on the wire.
    heard.push(structuredClone(JSON.parse(JSON.stringify(message)) as unknown))
    answerPeer(message, (answer) => wire.send(answer))
    listening?.()
  })
  const transcript: Heard[] = []
  try {
    for (const step of script) {
      const { what, send } = step
      const answers = kind.ordered || step.malformed === undefined ? step.answers : [...step.answers, step.malformed]
      const from = heard.length
      for (const message of send) wire.send(message)
      // Step after step: that is what makes the answers certain.
      // oxlint-disable-next-line no-await-in-loop
      await new Promise<void>((resolve, reject) => {
        const deadline = setTimeout(
          () => reject(new Error(`${what}: heard only ${JSON.stringify(heard.slice(from))}`)),
          DEADLINE,
        )
        listening = () => {
          if (!answers.every((id) => heard.slice(from).some((message) => isAnswerTo(message, id)))) return
          clearTimeout(deadline)
          resolve()
        }
        listening()
      })
      transcript.push({ what, messages: heard.slice(from) })
    }
  } finally {
    await wire.close()
  }
  return transcript.map(({ what, messages }) => ({ what, messages: kind.ordered ? messages : sorted(messages) }))
}

/** The script's client has no roots. */
function answerPeer(message: unknown, answer: (message: unknown) => void): void {
  const { id, method } = message as { id?: unknown; method?: unknown }
  if (method === 'roots/list') answer({ jsonrpc: '2.0', id, result: { roots: [] } })
}

function isAnswerTo(message: unknown, id: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false
  const answer = message as { id?: unknown; error?: unknown; method?: unknown }
  if (answer.method !== undefined) return false
  // An HTTP transport that refuses a request answers without its id.
  return isDeepStrictEqual(answer.id, id) || (answer.id === null && answer.error !== undefined)
}

function sorted(messages: readonly unknown[]): unknown[] {
  return messages.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
}

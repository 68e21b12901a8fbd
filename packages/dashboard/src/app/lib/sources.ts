import type { Session } from '../../api/answers.js'

/** Why events are one session: the label of its badge, and the reason in a sentence. */
export const SOURCES: Record<Session['source'], { label: string; why: string }> = {
  protocol: { label: 'Protocol', why: 'Every event carries the same MCP session id.' },
  handle: { label: 'Handle', why: 'Every event carries the same conversation handle, set by the host application.' },
  connection: { label: 'Connection', why: 'Every event came over one connection of a single peer, such as stdio.' },
  identity: {
    label: 'Identity',
    why: 'Fragments of one identified user in one client that followed each other within 30 minutes.',
  },
  inferred: {
    label: 'Inferred',
    why: 'Fragments that most likely have the same caller, judged by what they share, and followed each other closely.',
  },
  isolated: { label: 'Isolated', why: 'A single event that nothing connects to another one.' },
}

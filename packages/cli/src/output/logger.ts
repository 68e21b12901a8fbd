import { Writable } from 'node:stream'
import { pino, type Logger } from 'pino'
import { humanLine } from './human-line.js'

/** Logs on stderr: short lines for a person at a terminal, JSON lines otherwise. */
export function createLogger(human: boolean): Logger {
  if (!human) return pino(pino.destination({ dest: 2, sync: true }))
  const terminal = new Writable({
    write(chunk: Buffer, _encoding, done) {
      process.stderr.write(humanLine(chunk.toString()))
      done()
    },
  })
  // A person needs what is wrong; the greeting has said the rest.
  return pino({ level: 'warn' }, terminal)
}

import { UserError } from '@mcpcat/collector/errors'
import { Command, InvalidArgumentError } from 'commander'
import { stopSignal } from '../stop-signal.js'

interface DemoArguments {
  endpoint: string
  rounds: number
}

export function demoCommand(): Command {
  return new Command('demo')
    .description('make traffic: real MCP servers, instrumented, driven by real clients')
    .option('--endpoint <url>', "base URL of a collector's OTLP/HTTP receiver", 'http://127.0.0.1:4318')
    .option('--rounds <count>', 'how often every scenario is played', positive, 20)
    .action(async ({ endpoint, rounds }: DemoArguments) => {
      if (!URL.canParse(endpoint))
        throw new UserError(`--endpoint ${endpoint}: not a URL; write it as http://127.0.0.1:4318`)
      const stop = stopSignal()
      const { runDemo } = await import('../demo/demo.js')
      await runDemo({ endpoint, rounds, signal: stop.signal, onConversation: progress })
    })
}

function progress(done: number, planned: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\rdemo: ${done} of ${planned} conversations${done === planned ? '\n' : ''}`)
}

function positive(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number of at least 1')
  return count
}

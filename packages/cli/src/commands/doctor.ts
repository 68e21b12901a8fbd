import { Command } from 'commander'

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('start an MCP server under instrumentation, talk to it, and say what was hooked and what arrived')
    .usage('[options] -- <command...>')
    .argument('<command...>', "the server's own command, for example: node server.js")
    .passThroughOptions()
    .action(async (command: string[]) => {
      const { runDoctor } = await import('../doctor/index.js')
      process.exitCode = await runDoctor(command)
    })
}

import { UserError } from '@mcpcat/collector/errors'
import { Command, CommanderError } from 'commander'
import { collectorCommand } from './commands/collector.js'
import { componentsCommand } from './commands/components.js'
import { demoCommand } from './commands/demo.js'
import { doctorCommand } from './commands/doctor.js'
import { validateCommand } from './commands/validate.js'
import { packageVersion } from './package-version.js'
import { sqlCommand, storeCommand } from './store/store-commands.js'

/** In the order in which `--help` lists them. Each loads what it needs when it runs: all of it takes half a second. */
const COMMANDS = [
  collectorCommand,
  validateCommand,
  componentsCommand,
  doctorCommand,
  demoCommand,
  storeCommand,
  sqlCommand,
]

/** Runs the command line. @returns The exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('mcpcat')
    .description('Analytics, sessions and replay for MCP servers, over OpenTelemetry')
    .version(packageVersion())
    .enablePositionalOptions()
    .showHelpAfterError('Try --help.')
  for (const command of COMMANDS) program.addCommand(command().copyInheritedSettings(program))
  for (const command of [program, ...program.commands]) command.exitOverride()
  try {
    await program.parseAsync(argv)
    return Number(process.exitCode ?? 0)
  } catch (error) {
    // Commander has said what it had to say, also for --help and --version.
    if (error instanceof CommanderError) return error.exitCode
    if (error instanceof UserError) process.stderr.write(`${error.message}\n`)
    else console.error(error)
    return 1
  }
}

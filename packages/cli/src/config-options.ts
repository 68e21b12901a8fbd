import type { Command } from 'commander'

/** What is read in the working directory when no file is named. */
export const DEFAULT_FILE = 'otel-collector.yaml'

export interface ConfigOptions {
  config?: string[]
  set?: string[]
}

/** `--config` and `--set`, for every command that reads a configuration. */
export function withConfigOptions(command: Command): Command {
  return command
    .option(
      '--config <file>',
      `configuration file; may be repeated, later ones win (default: ./${DEFAULT_FILE}, else a built-in one)`,
      append,
    )
    .option(
      '--set <path=value>',
      'one setting, for example receivers.otlp.protocols.http.endpoint=127.0.0.1:4319; may be repeated',
      append,
    )
}

function append(value: string, values: string[] = []): string[] {
  return [...values, value]
}

import { existsSync } from 'node:fs'
import { loadConfig, readConfigFile, type ConfigSource, type LoadedConfig } from '@mcpcat/collector'
import type { Command } from 'commander'
import { defaultConfig } from './default-config.js'

const DEFAULT_FILE = 'otel-collector.yaml'

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

export function loadFromOptions({ config = [], set = [] }: ConfigOptions): LoadedConfig {
  return loadConfig({ sources: sources(config), sets: set })
}

function sources(files: readonly string[]): ConfigSource[] {
  if (files.length > 0) return files.map(readConfigFile)
  return [
    existsSync(DEFAULT_FILE) ? readConfigFile(DEFAULT_FILE) : { name: 'built-in configuration', text: defaultConfig },
  ]
}

function append(value: string, values: string[] = []): string[] {
  return [...values, value]
}

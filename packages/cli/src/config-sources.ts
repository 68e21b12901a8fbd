import { existsSync } from 'node:fs'
import { loadConfig, readConfigFile, type ConfigSource, type LoadedConfig } from '@mcpcat/collector'
import type { ConfigOptions } from './config-options.js'
import { DEFAULT_FILE } from './config-options.js'
import { defaultConfig } from './default-config.js'

/** The configuration that a command was given. */
export function loadFromOptions({ config = [], set = [] }: ConfigOptions): LoadedConfig {
  return loadConfig({ sources: sources(config), sets: set })
}

function sources(files: readonly string[]): ConfigSource[] {
  if (files.length > 0) return files.map(readConfigFile)
  return [
    existsSync(DEFAULT_FILE) ? readConfigFile(DEFAULT_FILE) : { name: 'built-in configuration', text: defaultConfig },
  ]
}

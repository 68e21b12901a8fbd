import { loadPlugins, resolveConfig, type Factory, type ResolvedConfig } from '@mcpcat/collector'
import { components } from './components.js'
import type { ConfigOptions } from './config-options.js'
import { loadFromOptions } from './config-sources.js'

/** The components that the configuration of a command may use, its plug-ins included. */
export async function offeredComponents(options: ConfigOptions): Promise<Factory[]> {
  return [...components, ...(await loadPlugins(loadFromOptions(options)))]
}

/** The configuration of a command, checked. @throws UserError when anything is wrong with it. */
export async function resolvedConfig(options: ConfigOptions): Promise<ResolvedConfig> {
  const config = loadFromOptions(options)
  return resolveConfig(config, [...components, ...(await loadPlugins(config))])
}

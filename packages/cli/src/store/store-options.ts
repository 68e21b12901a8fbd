import type { ConfigOptions } from '../config-options.js'

/** Of every command that needs a store. */
export interface StoreCommandOptions extends ConfigOptions {
  /** The id of its extension, where the configuration has several. */
  store?: string
}

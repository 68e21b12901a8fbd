import { hookCommonJs } from './commonjs-hook.js'
import { isHooksThread } from './hooks-thread-guard.js'
import { preferredMode } from './loader-mode.js'
import type { LoaderMode } from './loader-mode.js'
import { hookSynchronously } from './synchronous-hooks.js'
import { hookInThread } from './thread-hooks.js'

/** What the loader of this process does and has found. */
export interface LoaderState {
  readonly mode: LoaderMode
  /** Paths or URLs of the sources that contained an MCP SDK, in the order they were loaded. */
  readonly rewritten: ReadonlySet<string>
  /** Why it does less than it would like to. */
  readonly failures: readonly unknown[]
}

const stateKey = Symbol.for('mcpcat.loader.v1')
const holder = globalThis as { [stateKey]?: LoaderState }

/**
 * Makes every MCP SDK that is loaded from now on, bundled or not, call the protocol hook with its
 * instances. Once per process and thread, whichever copy of this package comes first. Never throws.
 *
 * @param onRewritten Told each source that contains an MCP SDK; not called when the loader is there already.
 */
export function installLoader(onRewritten?: (file: string) => void): LoaderState {
  return (holder[stateKey] ??= install(onRewritten))
}

/** What {@link installLoader} has done in this process; undefined before. */
export function loaderState(): LoaderState | undefined {
  return holder[stateKey]
}

function install(onRewritten: ((file: string) => void) | undefined): LoaderState {
  const rewritten = new Set<string>()
  const found = (file: string): void => {
    rewritten.add(file)
    onRewritten?.(file)
  }
  const failures: unknown[] = []
  const attempt = (step: () => void): boolean => {
    try {
      step()
      return true
    } catch (error) {
      failures.push(error)
      return false
    }
  }
  return { mode: isHooksThread() ? 'none' : hook(found, attempt), rewritten, failures }
}

function hook(found: (file: string) => void, attempt: (step: () => void) => boolean): LoaderMode {
  if (preferredMode(process.versions.node) === 'synchronous') {
    return attempt(() => hookSynchronously(found)) ? 'synchronous' : 'none'
  }
  const commonJs = attempt(() => hookCommonJs(found))
  const thread = attempt(() => hookInThread(found))
  if (thread && commonJs) return 'thread'
  return commonJs ? 'commonjs' : 'none'
}

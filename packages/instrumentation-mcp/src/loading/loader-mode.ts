/**
 * How sources are reached:
 * - `synchronous`: `module.registerHooks`, ES modules and CommonJS;
 * - `thread`: `module.register` for ES modules, and `Module.prototype._compile` for CommonJS;
 * - `commonjs`: `_compile` alone, where the thread is not allowed (permission model);
 * - `none`: nothing could be installed.
 */
export type LoaderMode = 'synchronous' | 'thread' | 'commonjs' | 'none'

/**
 * The first releases of each line in which `module.registerHooks` reaches every module: before, it
 * broke applications (22.16) or silently missed CommonJS (22.20, 24.5).
 */
const firstSynchronous: ReadonlyMap<number, readonly [minor: number, patch: number]> = new Map([
  [22, [22, 3]],
  [24, [11, 1]],
  [25, [1, 0]],
])

/** The way to reach sources on a version of Node such as `22.16.0`. */
export function preferredMode(nodeVersion: string): 'synchronous' | 'thread' {
  const [major = 0, minor = 0, patch = 0] = nodeVersion.split('.').map((part) => Number.parseInt(part, 10))
  if (major >= 26) return 'synchronous'
  const first = firstSynchronous.get(major)
  if (!first) return 'thread'
  return minor > first[0] || (minor === first[0] && patch >= first[1]) ? 'synchronous' : 'thread'
}

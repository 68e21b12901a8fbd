import { Module } from 'node:module'
import { rewriteSource } from './rewrite-source.js'

type Compile = (this: unknown, content: unknown, filename: string, ...rest: unknown[]) => unknown

/** Rewrites what CommonJS is about to compile; `rewritten` learns which files. */
export function hookCommonJs(rewritten: (filename: string) => void): void {
  const prototype = Module.prototype as unknown as { _compile: Compile }
  const compile = prototype._compile
  prototype._compile = function _compile(content, filename, ...rest) {
    const source = typeof content === 'string' ? rewriteSource(content) : undefined
    if (source !== undefined) rewritten(filename)
    return compile.call(this, source ?? content, filename, ...rest)
  }
}

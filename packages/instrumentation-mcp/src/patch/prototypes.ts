import { setInstanceOptions } from '../runtime.js'
import type { ProtocolInstance } from './connections.js'

export type Method = (this: ProtocolInstance, ...args: unknown[]) => unknown
export type Prototype = Record<string, Method>
export type Wrappers = Readonly<Record<string, (original: Method) => Method>>

/**
 * Own property of every prototype that carries our hooks. There may be several copies of this package
 * in a process: whichever came first has the hooks, and through this the others reach it.
 */
const marker: unique symbol = Symbol.for('mcpcat.protocol-patch.v1')

export interface PatchOwner {
  readonly setInstanceOptions: typeof setInstanceOptions
}

const thisCopy: PatchOwner = { setInstanceOptions }

interface Patch {
  readonly prototype: Prototype
  readonly name: string
  readonly original: Method
  readonly wrapped: Method
}

const seen = new Map<Prototype, Wrappers>()
const patches: Patch[] = []

/**
 * Wraps these methods on every class from the instance's own down to the one that owns `lowest`.
 * A prototype is patched once; does nothing for an instance that has no such method.
 */
export function patchMethods(instance: object, lowest: string, wrappers: Wrappers): void {
  const chain: Prototype[] = []
  for (let at = prototypeOf(instance); at; at = prototypeOf(at)) {
    chain.push(at)
    if (!Object.hasOwn(at, lowest)) continue
    for (const prototype of chain) patchPrototype(prototype, wrappers)
    return
  }
}

/** The copy of this package whose hooks serve this instance. */
export function patchOwnerOf(instance: object): PatchOwner | undefined {
  for (let at = prototypeOf(instance); at; at = prototypeOf(at)) {
    const owner = Object.getOwnPropertyDescriptor(at, marker)?.value as PatchOwner | undefined
    if (owner) return owner
  }
  return undefined
}

/** Puts the wrappers back that {@link restoreMethods} took out. */
export function repatchMethods(): void {
  for (const [prototype, wrappers] of seen) patchPrototype(prototype, wrappers)
}

/** Restores every method that still is ours; one that somebody wrapped after us stays, and passes through. */
export function restoreMethods(): void {
  for (const { prototype, name, original, wrapped } of patches.splice(0)) {
    if (prototype[name] === wrapped) define(prototype, name, original)
  }
  for (const prototype of seen.keys()) {
    if (Object.getOwnPropertyDescriptor(prototype, marker)?.value === thisCopy)
      Reflect.deleteProperty(prototype, marker)
  }
}

function patchPrototype(prototype: Prototype, wrappers: Wrappers): void {
  if (Object.hasOwn(prototype, marker)) return
  Object.defineProperty(prototype, marker, { value: thisCopy, configurable: true, enumerable: false })
  seen.set(prototype, wrappers)
  for (const [name, wrap] of Object.entries(wrappers)) {
    const original = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown
    if (typeof original !== 'function') continue
    const wrapped = wrap(original as Method)
    define(prototype, name, wrapped)
    patches.push({ prototype, name, original: original as Method, wrapped })
  }
}

/** As class syntax defines a method. */
function define(prototype: Prototype, name: string, value: Method): void {
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true, enumerable: false })
}

function prototypeOf(value: object): Prototype | null {
  return Object.getPrototypeOf(value) as Prototype | null
}

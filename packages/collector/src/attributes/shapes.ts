/**
 * Shapes: numbers for the names of a span's attributes in their order. Emitters say the same few things of each kind of
 * span: whoever looks for some names does so once for each shape, and not at each attribute of each span.
 */

import { MOST_NAMES, NO_NUMBER } from './names.js'

/** Shapes past this bound have no number. Each of a span's attributes takes one at first. */
export const MOST_SHAPES = 16_384
/** A name without a number among them, or one shape too many. */
export const NO_SHAPE = -1
/** Of no attributes. */
export const EMPTY_SHAPE = 0

let count = 1
/** Of each shape: the one without its last name, and that name. */
const befores = new Int32Array(MOST_SHAPES)
const lastNames = new Int32Array(MOST_SHAPES)
/** Whether a name occurs twice. */
const repeats = new Uint8Array(MOST_SHAPES)
/** Which name came next the last time, and the shape with it. */
const nextNames = new Int32Array(MOST_SHAPES).fill(NO_NUMBER)
const nextShapes = new Int32Array(MOST_SHAPES)
const following = new Map<number, number>()

/**
 * The shape with one more name.
 *
 * @param name its number, or {@link NO_NUMBER}.
 */
export function shapeWith(shape: number, name: number): number {
  if (shape === NO_SHAPE || name === NO_NUMBER) return NO_SHAPE
  if (nextNames[shape] === name) return nextShapes[shape] as number
  const next = following.get(shape * MOST_NAMES + name) ?? added(shape, name)
  if (next === NO_SHAPE) return NO_SHAPE
  nextNames[shape] = name
  nextShapes[shape] = next
  return next
}

function added(shape: number, name: number): number {
  if (count === MOST_SHAPES) return NO_SHAPE
  const next = count
  count += 1
  befores[next] = shape
  lastNames[next] = name
  repeats[next] = repeats[shape] === 1 || namesOfShape(shape).includes(name) ? 1 : 0
  following.set(shape * MOST_NAMES + name, next)
  return next
}

/** Numbers of its names, in order. */
export function namesOfShape(shape: number): number[] {
  const names: number[] = []
  for (let at = shape; at !== EMPTY_SHAPE; at = befores[at] as number) names.push(lastNames[at] as number)
  return names.toReversed()
}

/** Whether one of its names occurs twice. */
export function repeatsName(shape: number): boolean {
  return repeats[shape] === 1
}

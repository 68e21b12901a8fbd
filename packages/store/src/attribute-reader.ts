import type { KeyValue } from '@mcpcat/collector'
import { PREFIX_MCPCAT_TAG, PREFIX_MCPCAT_USER } from '@mcpcat/semconv'
import { valueText } from './attribute-text.js'
import type { Pairs } from './native/columns.js'

export interface AttributeReader {
  /** Takes in a span's attributes, and gives those that go into maps. */
  read(attributes: readonly KeyValue[]): { tags: Pairs; traits: Pairs; others: Pairs }
  /** The value of one of the names, of the attributes that were read last. */
  get(name: string): string | undefined
  has(name: string): boolean
}

/**
 * Reads attributes of some names into places of their own: there is no map to build for each span.
 *
 * @param content names with a column of their own size: bodies are not repeated in the maps.
 */
export function attributeReader(names: readonly string[], content: ReadonlySet<string>): AttributeReader {
  const places = new Map([...new Set(names)].map((name, place) => [name, place]))
  const values: (string | undefined)[] = Array.from({ length: places.size })
  const get = (name: string): string | undefined => {
    const place = places.get(name)
    return place === undefined ? undefined : values[place]
  }
  return {
    read(attributes) {
      values.fill(undefined)
      let tags: string[] = NONE
      let traits: string[] = NONE
      const others: string[] = []
      // The last of several of one name counts.
      const distinct = attributes.length > FEW ? lastOfEach(attributes) : attributes
      for (const { key: name, value: given } of distinct) {
        const value = valueText(given)
        const place = places.get(name)
        if (place !== undefined) values[place] = value
        if (content.has(name)) continue
        if (name.startsWith(PREFIX_MCPCAT_TAG)) {
          if (tags === NONE) tags = []
          put(tags, name.slice(PREFIX_MCPCAT_TAG.length), value)
          continue
        }
        if (name.startsWith(PREFIX_MCPCAT_USER)) {
          if (traits === NONE) traits = []
          put(traits, name.slice(PREFIX_MCPCAT_USER.length), value)
        }
        put(others, name, value)
      }
      return { tags, traits, others }
    },
    get,
    has: (name) => get(name) !== undefined,
  }
}

/** Of so many attributes, comparing each with each costs less than a map of them. */
const FEW = 64

function lastOfEach(attributes: readonly KeyValue[]): KeyValue[] {
  return [...new Map(attributes.map((attribute) => [attribute.key, attribute])).values()]
}

function put(pairs: string[], name: string, value: string): void {
  if (pairs.length <= 2 * FEW) {
    for (let index = 0; index < pairs.length; index += 2) {
      if (pairs[index] !== name) continue
      pairs[index + 1] = value
      return
    }
  }
  pairs.push(name, value)
}

const NONE: string[] = []

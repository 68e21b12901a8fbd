import type { Attributes, AttributeValue } from '@opentelemetry/api'
import {
  ATTR_MCPCAT_PROPERTIES,
  ATTR_USER_EMAIL,
  ATTR_USER_ID,
  ATTR_USER_NAME,
  PREFIX_MCPCAT_TAG,
  PREFIX_MCPCAT_USER,
} from '@mcpcat/semconv'
import { snapshot } from '../content/snapshot.js'
import { warnOnce } from '../guard.js'
import { isRecord, stringOf } from '../wire.js'

const MAX_TRAITS = 50
const MAX_TRAIT = 1024
const MAX_TAGS = 50
const TAG_KEY = /^[A-Za-z0-9$_.:\- ]{1,32}$/
const MAX_TAG_VALUE = 200
const MAX_PROPERTIES = 16_384

/** Undefined, and a word about it, when the hook did not return an identity. */
export function identityAttributes(identity: unknown): Attributes | undefined {
  const userId = isRecord(identity) ? identity['userId'] : undefined
  if (!isRecord(identity) || (typeof userId !== 'string' && typeof userId !== 'number') || userId === '') {
    warnOnce('`identify` must return { userId: string, userName?: string, userData?: object }, or nothing')
    return undefined
  }
  const attributes: Attributes = { [ATTR_USER_ID]: String(userId) }
  const { userName, userData } = identity
  if (typeof userName === 'string') attributes[ATTR_USER_NAME] = userName.slice(0, MAX_TRAIT)
  if (!isRecord(userData)) return attributes
  for (const [trait, value] of Object.entries(userData).slice(0, MAX_TRAITS)) {
    const attribute = attributeValue(value)
    if (attribute === undefined) continue
    if (trait === 'email') attributes[ATTR_USER_EMAIL] = attribute
    else if (trait === 'name') attributes[ATTR_USER_NAME] ??= attribute
    else attributes[`${PREFIX_MCPCAT_USER}${trait.slice(0, 128)}`] = attribute
  }
  return attributes
}

/** Tags that break a rule are left out, and said once: key `[A-Za-z0-9$_.:\- ]{1,32}`, value of one line and 200 characters. */
export function tagAttributes(tags: unknown): Attributes | undefined {
  if (!isRecord(tags)) {
    warnOnce('`eventTags` must return an object of strings, or nothing')
    return undefined
  }
  const attributes: Attributes = {}
  let kept = 0
  for (const [key, value] of Object.entries(tags)) {
    const text = stringOf(value)
    if (kept >= MAX_TAGS) warnOnce(`of \`eventTags\` the first ${MAX_TAGS} are kept`)
    else if (!TAG_KEY.test(key) || text === undefined || text.length > MAX_TAG_VALUE || /[\r\n]/.test(text)) {
      warnOnce(`the tag "${key.slice(0, 64)}" is left out: see the rules for tags`)
    } else {
      attributes[`${PREFIX_MCPCAT_TAG}${key}`] = text
      kept += 1
    }
  }
  return attributes
}

export function propertyAttributes(properties: unknown): Attributes | undefined {
  if (!isRecord(properties)) {
    warnOnce('`eventProperties` must return an object, or nothing')
    return undefined
  }
  return { [ATTR_MCPCAT_PROPERTIES]: JSON.stringify(snapshot(properties, MAX_PROPERTIES)) }
}

function attributeValue(value: unknown): AttributeValue | undefined {
  if (typeof value === 'string') return value.slice(0, MAX_TRAIT)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (value === null || value === undefined) return undefined
  return JSON.stringify(snapshot(value, MAX_TRAIT))
}

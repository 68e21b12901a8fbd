import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { AnyValue, KeyValue } from '../../traces.js'
import { valueText } from './match.js'

/** One change to a set of attributes, as in otelcol's attributes processor. */
export interface ActionConfig {
  key: string
  /** `insert` sets what is absent, `update` what is there, `upsert` either; `hash` replaces a value by its SHA-256. */
  action: 'insert' | 'update' | 'upsert' | 'delete' | 'hash'
  value?: string | number | boolean | undefined
  from_attribute?: string | undefined
}

const SETTING: ReadonlySet<string> = new Set(['insert', 'update', 'upsert'])

export const actionsSchema: z.ZodType<ActionConfig[]> = z
  .array(
    z
      .strictObject({
        key: z.string().min(1),
        action: z.enum(['insert', 'update', 'upsert', 'delete', 'hash']),
        value: z.union([z.string(), z.number(), z.boolean()]).optional(),
        from_attribute: z.string().min(1).optional(),
      })
      .refine(
        ({ action, value, from_attribute }) =>
          !SETTING.has(action) || (value === undefined) !== (from_attribute === undefined),
        'insert, update and upsert need either value or from_attribute',
      ),
  )
  .min(1)

export type AttributeEdit = (attributes: KeyValue[]) => void

/** Compiles actions into one function that applies them in order, in place. */
export function attributeEdit(actions: readonly ActionConfig[]): AttributeEdit {
  const edits = actions.map(compile)
  return (attributes) => {
    for (const edit of edits) edit(attributes)
  }
}

function compile({ key, action, value, from_attribute: from }: ActionConfig): AttributeEdit {
  const constant = value === undefined ? undefined : anyValue(value)
  return (attributes) => {
    const index = attributes.findIndex((attribute) => attribute.key === key)
    const known = attributes[index]
    if (action === 'delete') {
      if (known) attributes.splice(index, 1)
    } else if (action === 'hash') {
      if (known) known.value = hashed(known.value)
    } else {
      const next = constant ?? attributes.find((attribute) => attribute.key === from)?.value
      if (!next || (action === 'insert' && known) || (action === 'update' && !known)) return
      if (known) known.value = next
      else attributes.push({ key, value: next })
    }
  }
}

function anyValue(value: string | number | boolean): AnyValue {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: BigInt(value) } : { doubleValue: value }
}

function hashed(value: AnyValue): AnyValue {
  const text = valueText(value)
  return text === undefined ? {} : { stringValue: createHash('sha256').update(text).digest('hex') }
}

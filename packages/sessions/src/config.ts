import { z } from 'zod'
import { RuleError, sessionRules } from './rule-options.js'
import type { SessionRules } from './rules.js'

/** The rules of sessions as components take them from the YAML: see the README of this package. */
export interface SessionRulesConfig {
  /** Milliseconds. */
  readonly gap: number
  readonly handles: readonly string[]
  readonly ladder?: readonly (string | SessionRungConfig)[] | undefined
}

export interface SessionRungConfig {
  readonly name: string
  readonly attributes?: readonly (string | readonly string[])[] | undefined
  /** Milliseconds. */
  readonly limit?: number | undefined
  readonly confidence?: number | undefined
}

/** A schema of durations with a default, in milliseconds: the collector has one. */
type Duration = (fallback: string) => z.ZodType<number, string | undefined>

export interface SessionRulesShape {
  gap: z.ZodType<number, string | undefined>
  handles: z.ZodType<readonly string[]>
  ladder: z.ZodType<SessionRulesConfig['ladder']>
}

/** The fields, for a component whose schema may have more of them; check the whole with {@link checkRules}. */
export function sessionRulesShape(duration: Duration): SessionRulesShape {
  const attribute = z.string().min(1)
  const rung: z.ZodType<SessionRungConfig> = z.strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'expected a short lower-case name'),
    attributes: z
      .array(z.union([attribute, z.array(attribute).min(1)]))
      .min(1)
      .optional(),
    limit: optionalDuration(duration),
    confidence: z.number().min(0).max(1).optional(),
  })
  return {
    gap: duration('30m'),
    handles: z.array(attribute).default([]),
    ladder: z
      .array(z.union([z.string(), rung]))
      .min(1)
      .optional(),
  }
}

function optionalDuration(duration: Duration): z.ZodType<number | undefined, string | undefined> {
  return z
    .string()
    .transform((text, context) => {
      const parsed = duration('0s').safeParse(text)
      if (parsed.success) return parsed.data
      for (const { message } of parsed.error.issues) context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
    .optional()
}

/** The rules of a configuration; what makes none is reported as an issue of the schema. */
export function rulesFrom({ gap, handles, ladder }: SessionRulesConfig): SessionRules {
  return sessionRules({
    gapMs: gap,
    handles,
    ladder: ladder?.map((entry) => (typeof entry === 'string' ? entry : { ...entry, limitMs: entry.limit })),
  })
}

/** For `superRefine`: reports what makes no rules at its path. */
export function checkRules(config: SessionRulesConfig, context: z.RefinementCtx): void {
  try {
    rulesFrom(config)
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    context.addIssue({ code: 'custom', message: error.message, path: [...error.path] })
  }
}

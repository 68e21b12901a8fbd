import { z } from 'zod'

/** What the hosted events API takes: field by field as its clients send it, and nothing else. */
export const eventSchema: z.ZodType<Record<string, unknown>> = z.strictObject({
  id: z.string().regex(/^evt_[0-9A-Za-z]{27}$/),
  project_id: z.string().optional(),
  session_id: z
    .string()
    .regex(/^ses_[0-9A-Za-z]{27}$/)
    .nullable(),
  actor_id: z.string().optional(),
  event_id: z.string().optional(),
  event_type: z.union([
    z.templateLiteral(['mcp:', z.string().min(1)]),
    z.enum(['mcpcat:identify', 'agentcat:identify', 'mcpcat:custom', 'agentcat:custom']),
  ]),
  is_error: z.boolean(),
  error: z
    .strictObject({
      message: z.string(),
      type: z.string().optional(),
      stack: z.string().optional(),
      frames: z.array(z.record(z.string(), z.unknown())).optional(),
      chained_errors: z.array(z.record(z.string(), z.unknown())).optional(),
      platform: z.string(),
    })
    .optional(),
  resource_name: z.string().optional(),
  user_intent: z.string().optional(),
  duration: z.int().nonnegative(),
  timestamp: z.iso.datetime(),
  parameters: z.strictObject({ request: z.record(z.string(), z.unknown()), extra: z.unknown().optional() }).optional(),
  response: z.unknown().optional(),
  identify_actor_given_id: z.string().optional(),
  identify_actor_name: z.string().optional(),
  identify_data: z.record(z.string(), z.unknown()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  ip_address: z.string().optional(),
  sdk_language: z.string().optional(),
  mcpcat_version: z.string().optional(),
  server_name: z.string().optional(),
  server_version: z.string().optional(),
  client_name: z.string().optional(),
  client_version: z.string().optional(),
})

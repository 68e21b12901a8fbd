import type { Attributes } from '@opentelemetry/api'
import {
  addSpanContent,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  PREFIX_GEN_AI_PROMPT_VARIABLE,
} from '@mcpcat/semconv'
import type { Call } from '../meaning/call.js'
import { isRecord } from '../wire.js'
import { snapshot } from './snapshot.js'

/** Keeps the params of the message beside the span and, where the user asked for it, on the span. */
export function captureRequest(call: Call, params: unknown): void {
  const { captureContent, maxContentLength } = call.runtime.config
  if (captureContent === 'none' || params === undefined || !call.span.isRecording()) return
  const request = snapshot(params, maxContentLength)
  addSpanContent(call.span, { request })
  if (captureContent !== 'all' || !isRecord(request)) return
  const given = request['arguments']
  if (call.method === 'tools/call') {
    call.span.setAttribute(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, JSON.stringify(given ?? {}))
  } else if (call.method === 'prompts/get' && isRecord(given)) {
    const attributes: Attributes = {}
    for (const [name, value] of Object.entries(given)) {
      attributes[`${PREFIX_GEN_AI_PROMPT_VARIABLE}${name}`] = typeof value === 'string' ? value : JSON.stringify(value)
    }
    call.span.setAttributes(attributes)
  }
}

/** The same for the result, or the error, of the response. */
export function captureResponse(call: Call, answer: unknown): void {
  const { captureContent, maxContentLength } = call.runtime.config
  if (captureContent === 'none' || answer === undefined || !call.span.isRecording()) return
  const response = snapshot(answer, maxContentLength)
  addSpanContent(call.span, { response })
  if (captureContent === 'all' && call.method === 'tools/call') {
    call.span.setAttribute(ATTR_GEN_AI_TOOL_CALL_RESULT, JSON.stringify(response))
  }
}

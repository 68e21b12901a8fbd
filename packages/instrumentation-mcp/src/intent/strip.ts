import { isRecord, stringOf, type Message } from '../wire.js'
import { CONTEXT_ARGUMENT } from './schema.js'

/** Splits an incoming `tools/call` into what the tool gets (a copy) and the agent's intent. */
export function stripContext(message: Message): { message: Message; intent: string | undefined } {
  const args = message.params?.['arguments']
  if (!isRecord(args) || !Object.hasOwn(args, CONTEXT_ARGUMENT)) return { message, intent: undefined }
  const { [CONTEXT_ARGUMENT]: context, ...rest } = args
  return { message: { ...message, params: { ...message.params, arguments: rest } }, intent: stringOf(context) }
}

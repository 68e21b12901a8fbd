import { InvalidCursorError, ReadLimitError } from '@mcpcat/store'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ApiError } from './answers.js'

type ErrorBody = ApiError['error']

const STATUS: Record<ErrorBody['code'], ContentfulStatusCode> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  too_much: 503,
  internal: 500,
}

/** An error that the caller is meant to read: its body is the answer. */
export class RequestError extends Error {
  override name = 'RequestError'
  readonly body: ErrorBody
  constructor(body: ErrorBody) {
    super(body.message)
    this.body = body
  }
}

export function answerError(context: Context, body: ErrorBody): Response {
  return context.json({ error: body } satisfies ApiError, STATUS[body.code])
}

/** The one place where errors become answers; what nobody meant to be read stays in the log. */
export function onError(log: (error: Error) => void): (error: Error, context: Context) => Response {
  return (error, context) => {
    if (error instanceof RequestError) return answerError(context, error.body)
    if (error instanceof InvalidCursorError)
      return answerError(context, {
        code: 'bad_request',
        message: 'This cursor is not one that the list gave out.',
        parameter: 'cursor',
        hint: 'Start again without a cursor.',
      })
    if (error instanceof ReadLimitError)
      return answerError(context, {
        code: 'too_much',
        message: `The query was stopped: it took more ${error.limit} than one query may.`,
        hint: 'Ask for a shorter time range, or filter by client, server or tool.',
      })
    log(error)
    return answerError(context, { code: 'internal', message: 'The query failed. The collector’s log has the reason.' })
  }
}

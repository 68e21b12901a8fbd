import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { answerError } from './errors.js'

/**
 * Answers 403 unless the request names this server as one of `hosts` (names without port), and,
 * when it has an Origin, comes from a page of the very same host. A page elsewhere whose name was
 * made to resolve to this address (DNS rebinding) fails the first test, a cross-site request the second.
 */
export function allowHosts(hosts: ReadonlySet<string>): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host') ?? ''
    if (!hosts.has(hostname(host)))
      return answerError(context, {
        code: 'forbidden',
        message: 'This host name is not one that the dashboard answers to.',
        hint: 'Add it to `allowed_hosts` of the dashboard extension.',
      })
    const origin = context.req.header('origin')
    if (origin !== undefined && originHost(origin) !== host.toLowerCase())
      return answerError(context, { code: 'forbidden', message: 'Requests from other origins are refused.' })
    return next()
  }
}

function hostname(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

const COOKIE = 'mcpcat_dashboard'

/**
 * Answers 401 unless the request carries the token, as `Authorization: Bearer …` or as the cookie
 * that the sign-in page sets. The cookie holds a hash, so that it gives no other access away.
 */
export function requireToken(token: string): MiddlewareHandler {
  const cookie = sha256(`cookie:${token}`)
  return async (context, next) => {
    if (context.req.path === '/sign-in' && context.req.method === 'POST') {
      const given = (await context.req.parseBody())['token']
      if (typeof given !== 'string' || !equal(given, token))
        return context.html(signInPage('That is not the token.'), 401)
      setCookie(context, COOKIE, cookie, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 30 * 86_400 })
      return context.redirect('/', 303)
    }
    const bearer = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1]
    if (bearer !== undefined && equal(bearer, token)) return next()
    if (equal(getCookie(context, COOKIE) ?? '', cookie)) return next()
    if (!context.req.path.startsWith('/api/')) return context.html(signInPage(), 401)
    return answerError(context, {
      code: 'unauthorized',
      message: 'This dashboard needs a token.',
      hint: 'Send it as `Authorization: Bearer <token>`.',
    })
  }
}

function signInPage(problem = ''): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>MCPcat: sign in</title>
<form method="post" action="/sign-in"><h1>MCPcat</h1><p>${problem}</p>
<label>Dashboard token <input name="token" type="password" autocomplete="current-password" autofocus required></label>
<button>Sign in</button></form></html>`
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}

function equal(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(left)), Buffer.from(sha256(right)))
}

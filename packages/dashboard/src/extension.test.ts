import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UserError } from '@mcpcat/collector'
import { expect, test } from 'vitest'
import { startPreview } from './dev/preview.js'
import { dashboardExtension } from './extension.js'

const TOKEN = 'correct horse battery staple'

test('the defaults', () => {
  expect(dashboardExtension.configSchema.parse({})).toEqual({
    endpoint: { host: '127.0.0.1', port: 4320 },
    store: 'store',
    allowed_hosts: [],
  })
})

test('an unknown key and a short token are refused', () => {
  expect(dashboardExtension.configSchema.safeParse({ port: 1 }).success).toBe(false)
  expect(dashboardExtension.configSchema.safeParse({ token: 'short' }).success).toBe(false)
})

test.each(['0.0.0.0:0', ':0', '[::]:0', '192.0.2.7:4320'])(
  'without a token it does not listen on %s, and says what to set',
  async (endpoint) => {
    const start = startPreview({ endpoint })
    await expect(start).rejects.toThrow(UserError)
    await expect(start).rejects.toThrow(/extensions\.dashboard\.token: \$\{env:MCPCAT_DASHBOARD_TOKEN\}/)
  },
)

test('a port in use is one clear line', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  try {
    const start = startPreview({ endpoint: `127.0.0.1:${port}` })
    await expect(start).rejects.toThrow(UserError)
    await expect(start).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`)
  } finally {
    other.close()
  }
})

test('with a token: bearer, or the cookie of the sign-in page', async () => {
  const preview = await startPreview({ endpoint: '0.0.0.0:0', token: TOKEN })
  const status = (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${preview.url}/api/v1/status`, { headers })
  const signIn = (token: string): Promise<Response> =>
    fetch(`${preview.url}/sign-in`, { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' })
  try {
    expect((await status()).status).toBe(401)
    expect((await status({ authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await status({ authorization: `Bearer ${TOKEN}` })).status).toBe(200)

    const page = await fetch(preview.url)
    expect(page.status).toBe(401)
    expect(await page.text()).toContain('<form method="post" action="/sign-in">')
    expect((await signIn('wrong')).status).toBe(401)
    const signedIn = await signIn(TOKEN)
    expect(signedIn.status).toBe(303)
    const cookie = signedIn.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).not.toContain(encodeURIComponent(TOKEN))
    expect((await status({ cookie: cookie.split(';')[0] ?? '' })).status).toBe(200)
  } finally {
    await preview.close()
  }
})

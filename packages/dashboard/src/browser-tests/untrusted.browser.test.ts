/** What comes from outside: payloads with markup, foreign hosts and origins. */
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { callTraces } from '../dev/calls.js'
import { dashboardSuite, MINUTE, NOW, rows, unfold } from './suite.js'

const { open, preview } = dashboardSuite()

test('markup in any field is text', async () => {
  const project = '<img src=x onerror=alert(1)>'
  await preview().write(
    callTraces(
      project,
      [
        {
          at: NOW - MINUTE,
          session: evil('session'),
          tool: evil('tool'),
          intent: evil('intent'),
          user: evil('user'),
          userName: evil('name'),
          client: evil('client'),
          request: JSON.stringify({ [evil('key')]: evil('argument') }),
          response: JSON.stringify({ content: [{ type: 'text', text: evil('result') }] }),
          error: { type: evil('type'), message: evil('message'), stack: evil('stack') },
          attributes: {
            'mcp.server.name': evil('server'),
            'mcp.client.version': evil('version'),
            'mcp.protocol.version': evil('protocol'),
            'mcpcat.tag.<img src=x>': evil('tag'),
            [evil('attribute')]: evil('attribute value'),
          },
        },
      ],
      { [evil('resource')]: evil('resource value') },
    ),
  )
  const page = await open(`/sessions?project=${encodeURIComponent(project)}&from=-7d`)
  await rows(page).first().waitFor()
  expect(await rows(page).first().textContent()).toBe(evil('intent'))
  for (const name of ['Client', 'Tool', 'User']) {
    await page.getByRole('button', { name, exact: true }).click()
    await page.keyboard.press('Escape')
  }
  await rows(page).first().click()
  await page.locator('.error-box').waitFor()
  await unfold(page)
  await page.getByText(evil('resource value'), { exact: true }).waitFor()
  for (const field of ['intent', 'stack', 'result', 'attribute value', 'tag', 'message'])
    await page.getByText(evil(field), { exact: true }).first().waitFor()
  expect(await page.locator('img, main script, iframe').count()).toBe(0)
})

test('a foreign Host or Origin gets 403, for pages and for the API', async () => {
  const { port } = new URL(preview().url)
  const status = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
  for (const path of ['/', '/sessions', '/api/v1/sessions', '/api/v1/status']) {
    expect(await status(path, { host: 'evil.example' })).toBe(403)
    expect(await status(path, { host: `127.0.0.1:${port}`, origin: 'http://evil.example' })).toBe(403)
    expect(await status(path, { host: `127.0.0.1:${port}` })).toBe(200)
    expect(await status(path, { host: `localhost:${port}` })).toBe(200)
  }
})

function evil(field: string): string {
  return `<img src=x onerror=alert('${field}')><script>alert(1)</script>`
}

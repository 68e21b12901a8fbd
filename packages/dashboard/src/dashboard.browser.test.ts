/** The dashboard as its readers use it: the real extension over the real store, in a real browser. */
import { request } from 'node:http'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { EventDetail, Page as ApiPage, Session, SessionEvent } from './api/answers.js'
import { launchChromium } from './dev/browser.js'
import { callTraces } from './dev/calls.js'
import { startPreview } from './dev/preview.js'
import type { Preview } from './dev/preview.js'
import { seedTraces } from './dev/seed.js'
import { watchedPage } from './dev/watched-page.js'
import type { WatchedPage } from './dev/watched-page.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const NOW = Date.now()
const MINUTE = 60_000
const SEED = 'acme-agents'
const HEADLINE = 'Find out why the checkout test became flaky after the release of 12 November'

let preview: Preview
let browser: Browser
const opened: WatchedPage[] = []

beforeAll(async () => {
  preview = await startPreview()
  for (const traces of seedTraces(NOW, SEED)) await preview.write(traces)
  browser = await launchChromium()
})

afterAll(async () => {
  await browser?.close()
  await preview?.close()
})

afterEach(async () => {
  for (const { page, complaints } of opened.splice(0)) {
    await page.context().close()
    expect(complaints).toEqual([])
  }
})

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const watched = await watchedPage(browser, preview.url, options)
  opened.push(watched)
  await watched.page.goto(preview.url + path)
  return watched.page
}

async function api<Answer>(path: string): Promise<Answer> {
  return (await fetch(`${preview.url}/api/v1${path}`)).json() as Promise<Answer>
}

async function seededSession(): Promise<Session> {
  const { items } = await api<ApiPage<Session>>(`/sessions?project=${SEED}&q=checkout`)
  const session = items.find(({ firstIntent }) => firstIntent === HEADLINE)
  if (!session) throw new Error('the seeded session is missing')
  return session
}

const rows = (page: Page) => page.locator('.row-link')
const events = (page: Page) => page.locator('.event-row')
const current = (page: Page) => page.locator('.event-row[aria-current=true]')

async function unfold(page: Page): Promise<void> {
  const closed = page.locator('details:not([open]) > summary')
  while ((await closed.count()) > 0) await closed.first().click()
}

describe('session list', () => {
  test('shows every session under the intent it began with, newest first', async () => {
    const { items } = await api<ApiPage<Session>>(`/sessions?project=${SEED}`)
    const page = await open(`/?project=${SEED}`)
    await expect.poll(() => rows(page).count()).toBe(items.length)
    expect(await rows(page).allTextContents()).toEqual(items.map(({ firstIntent }) => firstIntent ?? 'No intent given'))
    const row = page.locator('tr', { hasText: HEADLINE })
    for (const text of ['Maya Rivera', 'claude-code', '2.4.1', 'github 1.4.0', '25m 48s', '13', '3', 'Identity'])
      await row
        .getByText(text, { exact: text.length <= 2 })
        .first()
        .waitFor()
  })

  test('defaults go into the URL without an entry in the history', async () => {
    const page = await open('/')
    await page.waitForURL((url) => url.searchParams.get('project') === SEED && url.searchParams.get('from') === '-7d')
    expect(await page.evaluate('history.length')).toBe(2)
  })

  test('a filter narrows list and URL; reload and a pasted URL restore it; back and forward step through', async () => {
    const page = await open(`/sessions?project=${SEED}&from=-7d`)
    await rows(page).first().waitFor()
    const all = await rows(page).count()

    await page.getByRole('button', { name: 'Client', exact: true }).click()
    await page.getByRole('button', { name: 'Cursor', exact: true }).click()
    await page.waitForURL(/client=Cursor/)
    await expect.poll(() => page.locator('td.col-client').allTextContents()).toSatisfy(everyOneHas('Cursor'))
    const narrowed = await rows(page).count()
    expect(narrowed).toBeLessThan(all)

    await page.getByRole('button', { name: 'Status', exact: true }).click()
    await page.getByRole('button', { name: 'Without errors' }).click()
    await page.waitForURL(/status=ok/)

    const pasted = await open(new URL(page.url()).pathname + new URL(page.url()).search)
    await pasted.getByRole('button', { name: /Client:\s*Cursor/ }).waitFor()
    await pasted.getByRole('button', { name: /Status:\s*Without errors/ }).waitFor()

    await page.goBack()
    await page.waitForURL((url) => url.searchParams.get('client') === 'Cursor' && !url.searchParams.has('status'))
    await page.goBack()
    await expect.poll(() => rows(page).count()).toBe(all)
    await page.goForward()
    await expect.poll(() => rows(page).count()).toBe(narrowed)
    await page.reload()
    await expect.poll(() => rows(page).count()).toBe(narrowed)

    await page.getByRole('button', { name: 'Clear Client' }).click()
    await expect.poll(() => rows(page).count()).toBe(all)
  })

  test('search, and a way out when nothing matches', async () => {
    const page = await open(`/sessions?project=${SEED}&from=-7d`)
    await rows(page).first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('refund duplicate')
    await expect.poll(() => rows(page).allTextContents()).toSatisfy(everyOneHas('Refund the duplicate charge'))
    await page.getByRole('searchbox').fill('nothing like this')
    await page.getByRole('heading', { name: 'No sessions match' }).waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await rows(page).first().waitFor()
    expect(new URL(page.url()).searchParams.has('q')).toBe(false)
  })

  test('paging visits each session once while new ones arrive', async () => {
    const project = 'paging'
    const write = (from: number, to: number) =>
      preview.write(
        callTraces(
          project,
          Array.from({ length: to - from }, (_, index) => ({
            at: NOW - 3 * 60 * MINUTE + (from + index) * 1000,
            session: `paged-${from + index}`,
            intent: `Session number ${from + index}`,
          })),
        ),
      )
    await write(0, 130)
    const page = await open(`/sessions?project=${project}&from=-7d`)
    await expect.poll(() => rows(page).count()).toBe(50)
    await write(130, 133)
    await page.getByText('Session number 132').waitFor()
    for (let more = page.getByRole('button', { name: 'Load older sessions' }), before = 0; await more.isVisible();) {
      before = await rows(page).count()
      await more.click()
      await expect.poll(() => rows(page).count()).toBeGreaterThan(before)
    }
    const expected = Array.from({ length: 133 }, (_, index) => `Session number ${132 - index}`)
    await expect.poll(() => rows(page).allTextContents()).toEqual(expected)
  })
})

describe('session replay', () => {
  test('events in order, at their offsets from the start', async () => {
    const session = await seededSession()
    const { items } = await api<ApiPage<SessionEvent>>(`/sessions/${session.id}/events?project=${SEED}&limit=200`)
    const page = await open(`/sessions/${session.id}?project=${SEED}&quiet=show`)
    await expect.poll(() => events(page).count()).toBe(items.length)
    expect(await page.locator('.event-name').evaluateAll(ownText)).toEqual(
      items.map(({ target, method }) => target ?? method),
    )
    const offsets = items.map(({ start }) => Math.floor((Date.parse(start) - Date.parse(session.start)) / 100) / 10)
    expect((await page.locator('.event-offset').allTextContents()).map(seconds)).toEqual(offsets)
  })

  test('protocol housekeeping is hidden, and said so', async () => {
    const session = await seededSession()
    const page = await open(`/sessions/${session.id}?project=${SEED}`)
    await page.getByText('14 of 17 events').waitFor()
    expect(await events(page).count()).toBe(14)
    await page.getByLabel('Hide 3 protocol messages').uncheck()
    await expect.poll(() => events(page).count()).toBe(17)
    await page.waitForURL(/quiet=show/)
  })

  test('a call that was tried again shows its attempts', async () => {
    const session = await seededSession()
    const page = await open(`/sessions/${session.id}?project=${SEED}`)
    await events(page).first().waitFor()
    expect(await page.locator('.attempt').allTextContents()).toEqual(['attempt 2', 'attempt 3', 'attempt 2'])
  })

  test('why it is one session, and the ids that were merged', async () => {
    const session = await seededSession()
    const page = await open(`/sessions/${session.id}?project=${SEED}`)
    await page.getByText(session.reason).click()
    for (const id of [session.id, ...session.mcpSessionIds]) await page.locator('.ids').getByText(id).waitFor()
    expect(session.mcpSessionIds).toHaveLength(2)
  })

  test('arguments, result and stack are byte-equal to what was sent', async () => {
    const request = String.raw`{"n":1.0,"big":12345678901234567890,"e":1e400,"esc":"\u00e9\/\n","n":2,"deep":[[],{},[1]]}`
    const response = String.raw`{"content":[{"type":"text","text":"line one\n  line two <b>&amp;</b>"}],"z":-0}`
    const stack = 'TypeError: bad\n    at a (file.js:1:2)\n    at b (file.js:3:4)\n  caused by: worse'
    await preview.write(
      callTraces('bytes', [
        { at: NOW - MINUTE, intent: 'Bytes', request, response, error: { type: 'TypeError', message: 'bad', stack } },
      ]),
    )
    const [session] = (await api<ApiPage<Session>>('/sessions?project=bytes')).items
    const page = await open(`/sessions/${session?.id}?project=bytes`)
    for (const [part, text] of Object.entries({ request, response })) {
      const payload = page.locator(`[data-payload=${part}]`)
      await payload.getByRole('button', { name: 'Raw' }).click()
      expect(await payload.locator('pre').textContent()).toBe(text)
      await payload.getByRole('button', { name: 'JSON' }).click()
      // The only whitespace that was added stands behind colons.
      expect((await payload.locator('.json').textContent())?.replaceAll('": ', '":')).toBe(text)
    }
    await page.locator('[data-payload=response]').getByRole('button', { name: 'Text' }).click()
    expect(await page.locator('[data-payload=response] pre').textContent()).toBe('line one\n  line two <b>&amp;</b>')
    expect(await page.locator('.error-box + pre').textContent()).toBe(stack)
  })

  test('search reaches into arguments and results', async () => {
    const session = await seededSession()
    const page = await open(`/sessions/${session.id}?project=${SEED}`)
    await events(page).first().waitFor()
    await page.getByRole('searchbox').fill('akowalski')
    await expect.poll(() => page.locator('.event-name').evaluateAll(ownText)).toEqual(['list_commits'])
    await page.waitForURL(/find=akowalski/)
    await page.getByRole('searchbox').fill('')
    await expect.poll(() => events(page).count()).toBe(14)
  })

  test('playback steps through the session to its end and stops', async () => {
    const { items } = await api<ApiPage<Session>>(`/sessions?project=${SEED}&client=Cursor&tool=search_docs`)
    const page = await open(`/sessions/${items[0]?.id}?project=${SEED}`)
    await events(page).first().waitFor()
    const last = await events(page).count()
    await page.getByRole('button', { name: '10×' }).click()
    await page.locator('h1').click()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await expect
      .poll(
        () =>
          events(page)
            .nth(last - 1)
            .getAttribute('aria-current'),
        { timeout: 20_000 },
      )
      .toBe('true')
    await page.getByRole('button', { name: 'Play' }).waitFor()
  })

  test('an active session grows on the page, and its list row with it', async () => {
    const project = 'growing'
    const at = NOW - 2 * MINUTE
    await preview.write(callTraces(project, [{ at, tool: 'first', intent: 'Begin' }]))
    const page = await open(`/sessions?project=${project}&from=-7d`)
    await rows(page).first().click()
    await expect.poll(() => events(page).count()).toBe(1)
    await preview.write(callTraces(project, [{ at: at + 1000, tool: 'second' }]))
    await expect
      .poll(() => page.locator('.event-name').evaluateAll(ownText), { timeout: 20_000 })
      .toEqual(['first', 'second'])
  })

  test('a superseded id leads to the live session', async () => {
    const project = 'moved'
    await preview.write(callTraces(project, [{ at: NOW - 4 * MINUTE, intent: 'Later' }]))
    const [before] = (await api<ApiPage<Session>>(`/sessions?project=${project}`)).items
    await preview.write(callTraces(project, [{ at: NOW - 5 * MINUTE, intent: 'Earlier' }]))
    const [after] = (await api<ApiPage<Session>>(`/sessions?project=${project}`)).items
    const page = await open(`/sessions/${before?.id}?project=${project}`)
    await page.waitForURL((url) => url.pathname === `/sessions/${after?.id}`)
    await expect.poll(() => events(page).count()).toBe(2)
  })

  test('a session of thousands of events is all there, and find-in-page reaches its last one', async () => {
    const project = 'long'
    const at = NOW - 60 * MINUTE
    await preview.write(
      callTraces(
        project,
        Array.from({ length: 3000 }, (_, index) => ({
          at: at + index * 500,
          id: String(index),
          tool: `step_${index}`,
        })),
      ),
    )
    const [session] = (await api<ApiPage<Session>>(`/sessions?project=${project}`)).items
    const page = await open(`/sessions/${session?.id}?project=${project}`)
    await expect.poll(() => events(page).count(), { timeout: 30_000 }).toBe(3000)
    expect(await page.evaluate("window.find('step_2999')")).toBe(true)
  })

  test('an unknown session says so', async () => {
    const watched = await watchedPage(browser, preview.url)
    await watched.page.goto(`${preview.url}/sessions/ses_unknown?project=${SEED}`)
    await watched.page.getByRole('heading', { name: 'This session cannot be shown' }).waitFor()
    await watched.page.context().close()
  })
})

test('keyboard only: from the list to a session, through it, and back to the same list', async () => {
  const page = await open(`/sessions?project=${SEED}&from=-7d&client=claude-code`)
  await rows(page).first().waitFor()
  const list = page.url()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  expect(await page.evaluate('document.activeElement.textContent')).toBe(HEADLINE)
  await page.keyboard.press('Enter')
  await events(page).first().waitFor()
  expect(await events(page).first().getAttribute('aria-current')).toBe('true')
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => events(page).nth(2).getAttribute('aria-current')).toBe('true')
  await page.getByRole('region', { name: 'Event', exact: true }).getByText('list_commits').waitFor()
  await page.keyboard.press('k')
  await expect.poll(() => events(page).nth(1).getAttribute('aria-current')).toBe('true')
  await page.keyboard.press('End')
  await expect.poll(() => events(page).last().getAttribute('aria-current')).toBe('true')
  await expect.poll(() => current(page).count()).toBe(1)
  await page.keyboard.press('Escape')
  await page.waitForURL(list)
  await rows(page).first().waitFor()
})

test('markup in any field is text', async () => {
  const project = '<img src=x onerror=alert(1)>'
  const evil = (field: string): string => `<img src=x onerror=alert('${field}')><script>alert(1)</script>`
  await preview.write(
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

describe('accessibility', () => {
  const SERIOUS = new Set(['serious', 'critical'])

  async function seriousFindings(page: Page): Promise<string[]> {
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
    return violations
      .filter(({ impact }) => impact && SERIOUS.has(impact))
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
      )
  }

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s', async (colorScheme) => {
    const page = await open(`/sessions?project=${SEED}&from=-7d`, { colorScheme })
    await rows(page).first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Tool', exact: true }).click()
    await page.getByRole('button', { name: 'run_query', exact: true }).click()
    await page.getByRole('button', { name: 'Client', exact: true }).click()
    expect(await seriousFindings(page)).toEqual([])
    await page.goto(`${preview.url}/sessions/${(await seededSession()).id}?project=${SEED}`)
    await page.getByRole('button', { name: 'attempt 2' }).first().click()
    await page.locator('.error-box').waitFor()
    await unfold(page)
    expect(await seriousFindings(page)).toEqual([])
  })

  test('the theme can be chosen, and stays chosen', async () => {
    const page = await open(`/sessions?project=${SEED}`, { colorScheme: 'light' })
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await background()
    await page.getByRole('button', { name: 'Theme: dark' }).click()
    await expect.poll(background).not.toBe(light)
    await page.reload()
    await expect.poll(background).not.toBe(light)
    await page.getByRole('button', { name: 'Theme: system' }).click()
    await expect.poll(background).toBe(light)
  })

  test.each([1024, 1440])('nothing overflows at %d pixels', async (width) => {
    const page = await open(`/sessions?project=${SEED}`, { viewport: { width, height: 800 } })
    await rows(page).first().waitFor()
    const overflows = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
    expect(await page.evaluate(overflows)).toBe(false)
    await rows(page).nth(2).click()
    await events(page).first().waitFor()
    expect(await page.evaluate(overflows)).toBe(false)
  })
})

test('a foreign Host or Origin gets 403, for pages and for the API', async () => {
  const { port } = new URL(preview.url)
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

test('a link to one event selects it', async () => {
  const session = await seededSession()
  const { items } = await api<ApiPage<SessionEvent>>(`/sessions/${session.id}/events?project=${SEED}&limit=200`)
  const wanted = items.at(-2)
  const detail = await api<EventDetail>(`/events/${wanted?.id}?project=${SEED}`)
  const page = await open(`/sessions/${session.id}?project=${SEED}&event=${wanted?.id}`)
  await page
    .locator('.intent')
    .getByText(detail.intent ?? '')
    .waitFor()
  expect(await current(page).locator('.event-name').textContent()).toContain(wanted?.target)
})

/** Text of the elements without that of their children. */
function ownText(elements: { childNodes: Iterable<{ nodeType: number; textContent: string | null }> }[]): string[] {
  return elements.map(({ childNodes }) =>
    [...childNodes]
      .filter(({ nodeType }) => nodeType === 3)
      .map(({ textContent }) => textContent)
      .join(''),
  )
}

function everyOneHas(text: string): (texts: string[]) => boolean {
  return (texts) => texts.length > 0 && texts.every((each) => each.includes(text))
}

/** `12:30.4` as 750.4. */
function seconds(offset: string): number {
  return Math.round(offset.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 10) / 10
}

import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import type { Page as ApiPage, Session } from '../api/answers.js'
import { launchChromium } from '../dev/browser.js'
import { startPreview } from '../dev/preview.js'
import type { Preview } from '../dev/preview.js'
import { seedTraces } from '../dev/seed.js'
import { watchedPage } from './watched-page.js'
import type { WatchedPage } from './watched-page.js'

export const NOW: number = Date.now()
export const MINUTE = 60_000
/** The project that holds the demo data. */
export const SEED = 'acme-agents'
/** The first intent of the seeded session that has everything: retries, errors, pauses, a reconnect. */
export const HEADLINE = 'Find out why the checkout test became flaky after the release of 12 November'

export interface Suite {
  preview: () => Preview
  /** A page of its own, which must not complain until the test ends, save about what is `tolerated`. */
  open: (path: string, options?: BrowserContextOptions, tolerated?: RegExp) => Promise<Page>
  api: <Answer>(path: string) => Promise<Answer>
  seededSession: () => Promise<Session>
}

/** The real extension over a real store with the demo data, and a real browser, for the tests of one file. */
export function dashboardSuite(): Suite {
  // Deadlines that end a test that would never pass, on the slowest machine.
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })
  let running: Preview | undefined
  let browser: Browser | undefined
  const opened: (WatchedPage & { tolerated: RegExp | undefined })[] = []

  const preview = (): Preview => {
    if (!running) throw new Error('the dashboard is not running')
    return running
  }

  beforeAll(async () => {
    running = await startPreview()
    for (const traces of seedTraces(NOW, SEED)) await running.write(traces)
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser?.close()
    await running?.close()
  })

  afterEach(async () => {
    for (const { page, complaints, tolerated } of opened.splice(0)) {
      await page.context().close()
      expect(complaints.filter((complaint) => !tolerated?.test(complaint))).toEqual([])
    }
  })

  const api = async <Answer>(path: string): Promise<Answer> =>
    (await fetch(`${preview().url}/api/v1${path}`)).json() as Promise<Answer>

  return {
    preview,
    api,
    async open(path, options = {}, tolerated) {
      if (!browser) throw new Error('the browser is not running')
      const watched = await watchedPage(browser, preview().url, options)
      opened.push({ ...watched, tolerated })
      await watched.page.goto(preview().url + path)
      return watched.page
    },
    async seededSession() {
      const { items } = await api<ApiPage<Session>>(`/sessions?project=${SEED}&q=checkout`)
      const session = items.find(({ firstIntent }) => firstIntent === HEADLINE)
      if (!session) throw new Error('the seeded session is missing')
      return session
    },
  }
}

/** Polls until the assertion holds. The deadline only ends a test that would never pass. */
export function eventually<Value>(read: () => Value): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(read, { timeout: 45_000, interval: 100 })
}

/** Links of the session list. */
export function rows(page: Page): Locator {
  return page.locator('.row-link')
}

/** Rows of the replay's timeline. */
export function events(page: Page): Locator {
  return page.locator('.event-row')
}

export async function unfold(page: Page): Promise<void> {
  const closed = page.locator('details:not([open]) > summary')
  while ((await closed.count()) > 0) await closed.first().click()
}

/** Text of the elements without that of their children. */
export function ownText(
  elements: { childNodes: Iterable<{ nodeType: number; textContent: string | null }> }[],
): string[] {
  return elements.map(({ childNodes }) =>
    [...childNodes]
      .filter(({ nodeType }) => nodeType === 3)
      .map(({ textContent }) => textContent)
      .join(''),
  )
}

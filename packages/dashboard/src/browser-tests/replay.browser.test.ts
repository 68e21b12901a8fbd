/** Session replay: order, offsets, payloads, search, playback, what is still going on. */
import { expect, test } from 'vitest'
import type { EventDetail, Page as ApiPage, Session, SessionEvent } from '../api/answers.js'
import { callTraces } from '../dev/calls.js'
import { dashboardSuite, events, eventually, MINUTE, NOW, ownText, rows, SEED } from './suite.js'

const { api, open, preview, seededSession } = dashboardSuite()

test('events in order, at their offsets from the start', async () => {
  const session = await seededSession()
  const { items } = await api<ApiPage<SessionEvent>>(`/sessions/${session.id}/events?project=${SEED}&limit=200`)
  const page = await open(`/sessions/${session.id}?project=${SEED}&quiet=show`)
  await eventually(() => events(page).count()).toBe(items.length)
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
  await eventually(() => events(page).count()).toBe(17)
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
  await preview().write(
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
  await eventually(() => page.locator('.event-name').evaluateAll(ownText)).toEqual(['list_commits'])
  await page.waitForURL(/find=akowalski/)
  await page.getByRole('searchbox').fill('')
  await eventually(() => events(page).count()).toBe(14)
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
  const end = events(page).nth(last - 1)
  await eventually(() => end.getAttribute('aria-current')).toBe('true')
  await page.getByRole('button', { name: 'Play' }).waitFor()
})

test('an active session grows on the page, and its list row with it', async () => {
  const project = 'growing'
  const at = NOW - 2 * MINUTE
  await preview().write(callTraces(project, [{ at, tool: 'first', intent: 'Begin' }]))
  const page = await open(`/sessions?project=${project}&from=-7d`)
  await rows(page).first().click()
  await eventually(() => events(page).count()).toBe(1)
  await preview().write(callTraces(project, [{ at: at + 1000, tool: 'second' }]))
  await eventually(() => page.locator('.event-name').evaluateAll(ownText)).toEqual(['first', 'second'])
  await page.keyboard.press('Escape')
  await eventually(() => page.locator('td.col-calls').allTextContents()).toEqual(['2'])
})

test('a superseded id leads to the live session', async () => {
  const project = 'moved'
  await preview().write(callTraces(project, [{ at: NOW - 4 * MINUTE, intent: 'Later' }]))
  const [before] = (await api<ApiPage<Session>>(`/sessions?project=${project}`)).items
  await preview().write(callTraces(project, [{ at: NOW - 5 * MINUTE, intent: 'Earlier' }]))
  const [after] = (await api<ApiPage<Session>>(`/sessions?project=${project}`)).items
  const page = await open(`/sessions/${before?.id}?project=${project}`)
  await page.waitForURL((url) => url.pathname === `/sessions/${after?.id}`)
  await eventually(() => events(page).count()).toBe(2)
})

test('a session of thousands of events is all there, and find-in-page reaches its last one', async () => {
  const project = 'long'
  const at = NOW - 60 * MINUTE
  await preview().write(
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
  await eventually(() => events(page).count()).toBe(3000)
  expect(await page.evaluate("window.find('step_2999')")).toBe(true)
})

test('an unknown session says so', async () => {
  const page = await open(`/sessions/ses_unknown?project=${SEED}`, {}, /404/)
  await page.getByRole('heading', { name: 'This session cannot be shown' }).waitFor()
  await page.getByText('has no session `ses_unknown`').waitFor()
  await page.getByRole('link', { name: 'Go to the sessions' }).click()
  await rows(page).first().waitFor()
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
  expect(await page.locator('.event-row[aria-current=true]').locator('.event-name').textContent()).toContain(
    wanted?.target,
  )
})

/** `12:30.4` as 750.4. */
function seconds(offset: string): number {
  return Math.round(offset.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 10) / 10
}

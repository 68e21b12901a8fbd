import { expect, it, vi } from 'vitest'
import { addSpanContent, getSpanContent } from './span-content.js'
import { spanName } from './span-name.js'

it('content is added piece by piece, and is no property of the span', () => {
  const span = {}
  expect(getSpanContent(span)).toBeUndefined()
  addSpanContent(span, { request: { a: 1 } })
  addSpanContent(span, { response: 'b' })
  expect(getSpanContent(span)).toEqual({ request: { a: 1 }, response: 'b' })
  expect(Reflect.ownKeys(span)).toEqual([])
})

it('content is shared by every copy of this package in the process', async () => {
  const span = {}
  addSpanContent(span, { request: 1 })
  vi.resetModules()
  const copy = await import('./span-content.js')
  expect(copy.getSpanContent).not.toBe(getSpanContent)
  expect(copy.getSpanContent(span)).toEqual({ request: 1 })
})

it('a span is named by method and target', () => {
  expect(spanName('tools/call', 'echo')).toBe('tools/call echo')
  expect(spanName('tools/list')).toBe('tools/list')
})

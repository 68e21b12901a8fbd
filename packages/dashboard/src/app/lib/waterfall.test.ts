import { describe, expect, test } from 'vitest'
import { layoutWaterfall, LONG_GAP_MS } from './waterfall.js'

describe('layoutWaterfall', () => {
  test('without long gaps, shares are those of the time', () => {
    const { bars, gaps, lanes } = layoutWaterfall([
      { id: 'a', start: 0, duration: 1000 },
      { id: 'b', start: 5000, duration: 5000 },
    ])
    expect(bars).toEqual([
      { id: 'a', left: 0, width: 0.1, lane: 0 },
      { id: 'b', left: 0.5, width: 0.5, lane: 0 },
    ])
    expect(gaps).toEqual([])
    expect(lanes).toBe(1)
  })

  test('a pause of an hour takes a sliver, and says how long it was', () => {
    const { bars, gaps } = layoutWaterfall([
      { id: 'a', start: 0, duration: 1000 },
      { id: 'b', start: 3_601_000, duration: 1000 },
    ])
    expect(gaps).toHaveLength(1)
    expect(gaps[0]?.ms).toBe(3_600_000)
    expect(gaps[0]?.width).toBeLessThan(0.05)
    expect(bars[0]?.width).toBeCloseTo(bars[1]?.width ?? 0)
    expect((bars[1]?.left ?? 0) + (bars[1]?.width ?? 0)).toBeCloseTo(1)
  })

  test('a pause of exactly the limit is no long gap', () => {
    expect(gapsWithPause(LONG_GAP_MS)).toBe(0)
    expect(gapsWithPause(LONG_GAP_MS + 1)).toBe(1)
  })

  test('calls that overlap lie in lanes, four at most', () => {
    const { bars, lanes } = layoutWaterfall(
      [0, 1, 2, 3, 4, 5].map((index) => ({ id: String(index), start: index, duration: 100 })),
    )
    expect(bars.map(({ lane }) => lane)).toEqual([0, 1, 2, 3, 3, 3])
    expect(lanes).toBe(4)
  })

  test('many long gaps leave room for the calls', () => {
    const { bars, gaps } = layoutWaterfall(
      Array.from({ length: 100 }, (_, index) => ({ id: String(index), start: index * 60_000, duration: 500 })),
    )
    expect(gaps.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(0.4 + 1e-9)
    expect(bars.every(({ left, width }) => left >= 0 && left + width <= 1 + 1e-9)).toBe(true)
  })

  test('no events, and events without any duration', () => {
    expect(layoutWaterfall([])).toEqual({ bars: [], gaps: [], lanes: 1 })
    expect(layoutWaterfall([{ id: 'a', start: 0, duration: 0 }]).bars).toEqual([
      { id: 'a', left: 0, width: 0, lane: 0 },
    ])
  })
})

function gapsWithPause(pause: number): number {
  const { gaps } = layoutWaterfall([
    { id: 'a', start: 0, duration: 10 },
    { id: 'b', start: 10 + pause, duration: 10 },
  ])
  return gaps.length
}
